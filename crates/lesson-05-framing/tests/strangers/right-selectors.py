# Right: one thread, non-blocking sockets, two buffers for each client. The third word is the maximum.
import selectors
import socket
import sys

host, port = sys.argv[1], int(sys.argv[2])
maximum = int(sys.argv[3]) if len(sys.argv) > 3 else 65536
selector = selectors.DefaultSelector()
listener = socket.create_server((host, port))
listener.setblocking(False)
selector.register(listener, selectors.EVENT_READ)


class Client:
    def __init__(self):
        self.incoming, self.outgoing, self.ended = bytearray(), bytearray(), False

    def advance(self, conn):
        """True while the connection is of use."""
        while not self.ended and len(self.incoming) >= 4:
            length = int.from_bytes(self.incoming[:4], "big")
            if length > maximum:
                self.ended = True
            elif len(self.incoming) < 4 + length:
                break
            else:
                self.outgoing += self.incoming[: 4 + length]
                del self.incoming[: 4 + length]
        if self.outgoing:
            try:
                del self.outgoing[: conn.send(self.outgoing)]
            except BlockingIOError:
                pass
        return bool(self.outgoing) or not self.ended


while True:
    for key, mask in selector.select():
        if key.fileobj is listener:
            conn, _ = listener.accept()
            conn.setblocking(False)
            selector.register(conn, selectors.EVENT_READ, Client())
            continue
        conn, client = key.fileobj, key.data
        try:
            if mask & selectors.EVENT_READ:
                data = conn.recv(4096)
                client.incoming += data
                client.ended |= not data
                if not data:
                    client.incoming = bytearray()
            alive = client.advance(conn)
        except OSError:
            alive = False
        if not alive:
            selector.unregister(conn)
            conn.close()
        else:
            events = (0 if client.ended else selectors.EVENT_READ) | (selectors.EVENT_WRITE if client.outgoing else 0)
            selector.modify(conn, events, client)
