# Right: allow_reuse_address of the class, which is read before bind; a thread for each client.
import socketserver, sys


class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        if self.rfile.read(6) == b"hello!":
            self.wfile.write(b"hi")


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


Server((sys.argv[1], int(sys.argv[2])), Handler).serve_forever()
