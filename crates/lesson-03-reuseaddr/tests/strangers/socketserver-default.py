# Mistake: socketserver, which does not set SO_REUSEADDR unless it is told to.
import socketserver, sys


class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        self.rfile.read(6)
        self.wfile.write(b"hi")


with socketserver.TCPServer((sys.argv[1], int(sys.argv[2])), Handler) as server:
    server.serve_forever()
