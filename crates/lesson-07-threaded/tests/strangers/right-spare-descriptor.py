# Menu in one event loop, right: a spare descriptor (as nginx has): close it, accept, close the client, open it again.
import os, selectors, socket, sys
srv = socket.create_server((sys.argv[1], int(sys.argv[2])), backlog=128)
srv.setblocking(False)
spare = os.open("/dev/null", os.O_RDONLY)
sel = selectors.DefaultSelector(); sel.register(srv, selectors.EVENT_READ)
def answer(conn, text):
    try:
        conn.sendall(text.encode())
    except OSError:
        pass  # the next recv finds out
while True:
    for key, _ in sel.select():
        s = key.fileobj
        if s is srv:
            try: c, _ = srv.accept()
            except OSError:
                os.close(spare)
                try: srv.accept()[0].close()
                except OSError: pass
                spare = os.open("/dev/null", os.O_RDONLY)
                continue
            sel.register(c, selectors.EVENT_READ)
            answer(c, "我是多线程")
            continue
        try: data = s.recv(1024)
        except OSError: data = b""
        if not data or data == b"exit":
            sel.unregister(s); s.close()
        else:
            answer(s, "您输入的是0" if data == b"0" else "请重新输入.")
