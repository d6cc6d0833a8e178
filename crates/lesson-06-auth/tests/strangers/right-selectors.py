# Right: one thread, non-blocking sockets and a selector; a deadline for the login. The third argument names the wire.
import selectors
import socket
import sys
import time

import login_wire as wire


class Client:
    def __init__(self, conn):
        self.conn, self.read, self.unsent, self.ended = conn, bytearray(), bytearray(), False
        self.deadline, self.wire = time.monotonic() + 20, wire.server(sys.argv[3])
        self.asked = next(self.wire)
        self.go_on()

    def go_on(self):
        """Feeds the wire with what has come, until it wants more or has something to send."""
        try:
            while not self.unsent:
                answer = None
                if isinstance(self.asked, bytes):
                    self.unsent += self.asked
                elif self.asked is wire.IN:
                    self.deadline = None
                else:
                    size = {wire.ANY: max(1, len(self.read)), wire.ANY_BYTE: 1}.get(self.asked, self.asked)
                    if len(self.read) < size and not self.ended:
                        return
                    if len(self.read) < size and isinstance(self.asked, int):
                        raise EOFError("the stream was cut off")
                    answer = bytes(self.read[:size])
                    del self.read[:size]
                self.asked = self.wire.send(answer)
        except StopIteration:
            self.wire = None
        except (wire.Refused, EOFError) as error:
            print("connection closed:", error, file=sys.stderr)
            self.wire = None

    def ready(self, events):
        """True when the connection is over."""
        try:
            if events & selectors.EVENT_READ:
                piece = self.conn.recv(65536)
                self.ended = not piece
                if self.wire:
                    self.read += piece
            if events & selectors.EVENT_WRITE:
                del self.unsent[: self.conn.send(self.unsent)]
            if self.wire:
                self.go_on()
            if self.wire is None and not self.unsent and not self.ended:
                self.conn.shutdown(socket.SHUT_WR)  # a close with unread bytes is a reset: what comes is thrown away
                self.deadline = min(self.deadline or float("inf"), time.monotonic() + 1)
        except BlockingIOError:
            pass
        except OSError as error:
            print("connection closed:", error, file=sys.stderr)
            return True
        return self.wire is None and not self.unsent and self.ended

    def wants(self):
        return selectors.EVENT_WRITE if self.unsent else selectors.EVENT_READ


def main():
    selector = selectors.DefaultSelector()
    listener = socket.create_server(wire.address(), backlog=128)
    listener.setblocking(False)
    selector.register(listener, selectors.EVENT_READ)
    clients = {}
    while True:
        deadlines = [client.deadline for client in clients.values() if client.deadline]
        wait = max(0, min(deadlines) - time.monotonic()) if deadlines else None
        over = []
        for key, events in selector.select(wait):
            if key.fileobj is listener:
                try:
                    conn, _ = listener.accept()
                except OSError:
                    continue
                conn.setblocking(False)
                clients[conn] = client = Client(conn)
                selector.register(conn, client.wants())
                ended = False
            else:
                client = clients[key.fileobj]
                ended = client.ready(events)
            if ended:
                over.append(client)
            else:
                selector.modify(client.conn, client.wants())
        now = time.monotonic()
        over += [it for it in clients.values() if it.deadline and it.deadline <= now and it not in over]
        for client in over:
            selector.unregister(client.conn)
            del clients[client.conn]
            client.conn.close()


main()
