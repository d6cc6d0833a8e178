# Right: one thread for all clients; the option is set before bind.
import selectors, socket, sys

sel = selectors.DefaultSelector()
srv = socket.socket()
srv.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
srv.bind((sys.argv[1], int(sys.argv[2])))
srv.listen()
sel.register(srv, selectors.EVENT_READ, None)
while True:
    for key, _ in sel.select():
        if key.data is None:
            conn, _ = srv.accept()
            sel.register(conn, selectors.EVENT_READ, bytearray())
            continue
        try:
            data = key.fileobj.recv(6 - len(key.data))
            key.data.extend(data)
            if key.data == b"hello!":
                key.fileobj.sendall(b"hi")
        except OSError:
            data = b""
        if not data or len(key.data) == 6:
            sel.unregister(key.fileobj)
            key.fileobj.close()
