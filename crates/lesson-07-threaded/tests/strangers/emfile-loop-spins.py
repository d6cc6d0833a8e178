# Menu in one event loop; the mistake: accept fails, the loop goes on, and the listener is ready again, and again.
import selectors, socket, sys
select = selectors.DefaultSelector()
listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
listener.setblocking(False)
select.register(listener, selectors.EVENT_READ)
while True:
    for key, _ in select.select():
        conn = key.fileobj
        try:
            if conn is listener:
                conn, _ = listener.accept()
                select.register(conn, selectors.EVENT_READ)
                conn.sendall("我是多线程".encode())
                continue
            data = conn.recv(1024)
            if data and data != b"exit":
                conn.sendall(("您输入的是0" if data == b"0" else "请重新输入.").encode())
                continue
        except OSError as error:
            print(error, file=sys.stderr)
            if conn is listener:
                continue
        select.unregister(conn)
        conn.close()
