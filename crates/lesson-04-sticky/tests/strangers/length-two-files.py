# Mistake: two file objects of one socket: the first reads ahead what the second waits for.
import socketserver, sys


class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        bodies = self.connection.makefile("rb")
        while line := self.rfile.readline(5):
            self.wfile.write(b"-----> " + bodies.read(int(line)) + b"\n")


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


Server((sys.argv[1], int(sys.argv[2])), Handler).serve_forever()
