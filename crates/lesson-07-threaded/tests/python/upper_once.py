"""One read, in upper case, for each client. With HOST PORT it is the client, without them the server."""

import socket
import socketserver
import sys


class Upper(socketserver.BaseRequestHandler):
    def handle(self):
        data = self.request.recv(1024).strip()
        print("%s wrote:" % self.client_address[0])
        print(data, flush=True)
        self.request.sendall(data.upper())


def serve():
    socketserver.TCPServer.allow_reuse_address = True
    with socketserver.TCPServer(("127.0.0.1", 0), Upper) as server:
        print("listening on %s:%d" % server.server_address, flush=True)
        server.serve_forever()


def connect(host, port):
    with socket.create_connection((host, int(port)), timeout=60) as sock:
        sock.sendall(b"hello\n")
        received = sock.recv(1024)
    print("Sent:     hello")
    print("Received: %s" % received.decode())


if sys.argv[1:]:
    connect(*sys.argv[1:])
else:
    serve()
