# Right: one thread, non-blocking sockets and selectors; answers that do not fit wait in a buffer. Argument 3: the limit.
import selectors, socket, sys

LIMIT = int(sys.argv[3]) if len(sys.argv) > 3 else 1024
READ, WRITE = selectors.EVENT_READ, selectors.EVENT_WRITE
sel = selectors.DefaultSelector()


class Client:
    def __init__(self, sock):
        self.sock, self.kept, self.out, self.ended = sock, b"", b"", False

    def ready(self, events):
        if events & READ:
            data = self.sock.recv(700)
            self.ended = not data
            *messages, self.kept = (self.kept + data).split(b"\n")
            self.out += b"".join(b"-----> " + message + b"\n" for message in messages)
            if max(map(len, [*messages, self.kept])) > LIMIT:
                raise OSError("a message is too long")
        if self.out:
            try:
                self.out = self.out[self.sock.send(self.out):]
            except BlockingIOError:
                pass
        if self.ended and not self.out:
            raise OSError("done")
        sel.modify(self.sock, WRITE if self.out else READ, self)


srv = socket.create_server((sys.argv[1], int(sys.argv[2])), backlog=128)
sel.register(srv, READ, None)
while True:
    for key, events in sel.select():
        if key.data is None:
            conn, _ = srv.accept()
            conn.setblocking(False)
            sel.register(conn, READ, Client(conn))
            continue
        try:
            key.data.ready(events)
        except OSError:
            sel.unregister(key.fileobj)
            key.fileobj.close()
