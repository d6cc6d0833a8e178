# No IPv6 socket at all: no client ever has a mapped address here, so the trap says nothing of it.
import socketserver, sys

board = "welcome"


class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        global board
        while (line := self.rfile.readline(1025)).endswith(b"\n"):
            verb, _, text = line[:-1].decode().partition(" ")
            if verb == "read":
                reply = board
            elif self.client_address[0] == "127.0.0.1":
                reply = "blocked"
            else:
                board, reply = text, "written"
            self.wfile.write(f"{reply}\n".encode())


class Server(socketserver.TCPServer):
    allow_reuse_address = True


Server((sys.argv[1], int(sys.argv[2])), Handler).serve_forever()
