# Mistake: one send on a non-blocking socket takes what there is room for.
import selectors, socket, sys

page = b"page" * (8 * 1024 * 1024)
selector = selectors.DefaultSelector()
listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
selector.register(listener, selectors.EVENT_READ)
while True:
    for key, _ in selector.select():
        if key.fileobj is listener:
            conn, _ = listener.accept()
            conn.setblocking(False)
            selector.register(conn, selectors.EVENT_WRITE)
        else:
            key.fileobj.send(page)
            selector.unregister(key.fileobj)
            key.fileobj.close()
