# Wrong: whoever is refused gets a word, which a client takes for the service.
import socket
import sys
import time

import login_wire as wire


class Timed:
    """A connection whose login has to be over at the deadline; after it every call may take 30 seconds."""

    def __init__(self, conn, seconds):
        self.conn, self.deadline = conn, time.monotonic() + seconds

    def logged_in(self):
        self.deadline = None

    def wait(self):
        left = 30 if self.deadline is None else self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("the login took too long")
        self.conn.settimeout(left)

    def recv(self, size):
        self.wait()
        return self.conn.recv(size)

    def sendall(self, data):
        self.wait()
        self.conn.sendall(data)


with socket.create_server(wire.address()) as listener:
    while True:
        conn, _ = listener.accept()
        with conn:
            timed = Timed(conn, float(sys.argv[4]) if len(sys.argv) > 4 else 20)
            try:
                wire.drive(timed, wire.server(sys.argv[3]), timed.logged_in)
            except (wire.Refused, EOFError, OSError) as error:
                print("connection closed:", error, file=sys.stderr)
                try:
                    conn.sendall(b"refused")
                except OSError:
                    pass
                wire.finish(conn)
