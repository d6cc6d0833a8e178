# Right: an event loop: a position for each client, and EVENT_WRITE says when there is room again.
import selectors, socket, sys

page = memoryview(b"page" * (8 * 1024 * 1024))
selector = selectors.DefaultSelector()
listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
listener.setblocking(False)
selector.register(listener, selectors.EVENT_READ)
while True:
    for key, _ in selector.select():
        if key.fileobj is listener:
            try:
                conn, _ = listener.accept()
            except OSError:
                continue
            conn.setblocking(False)
            selector.register(conn, selectors.EVENT_WRITE, [0])
            continue
        conn, position = key.fileobj, key.data
        try:
            position[0] += conn.send(page[position[0]:position[0] + (1 << 18)])
        except BlockingIOError:
            continue
        except OSError:
            position[0] = len(page)
        if position[0] == len(page):
            selector.unregister(conn)
            conn.close()
