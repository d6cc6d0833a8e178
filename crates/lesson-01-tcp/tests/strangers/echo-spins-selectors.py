# Mistake: an event loop that passes over the empty read without closing: the socket stays readable, and select never sleeps again.
import selectors, socket, sys

selector = selectors.DefaultSelector()
listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
selector.register(listener, selectors.EVENT_READ)
while True:
    for key, _ in selector.select():
        if key.fileobj is listener:
            conn, _ = listener.accept()
            selector.register(conn, selectors.EVENT_READ)
        else:
            data = key.fileobj.recv(1024)
            if data:
                key.fileobj.sendall(data)
