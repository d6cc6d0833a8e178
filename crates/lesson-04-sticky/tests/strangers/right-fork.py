# Right: one process for each client. Argument 3: the limit.
import socketserver, sys

LIMIT = int(sys.argv[3]) if len(sys.argv) > 3 else 1024


class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        while (line := self.rfile.readline(LIMIT + 1)).endswith(b"\n"):
            self.wfile.write(b"-----> " + line)


class Server(socketserver.ForkingTCPServer):
    allow_reuse_address = True
    request_queue_size = 128


Server((sys.argv[1], int(sys.argv[2])), Handler).serve_forever()
