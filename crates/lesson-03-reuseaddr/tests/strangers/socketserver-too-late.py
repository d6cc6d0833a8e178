# Mistake: allow_reuse_address of the finished server object: its socket has been bound by then.
import socketserver, sys


class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        self.rfile.read(6)
        self.wfile.write(b"hi")


with socketserver.TCPServer((sys.argv[1], int(sys.argv[2])), Handler) as server:
    server.allow_reuse_address = True
    server.serve_forever()
