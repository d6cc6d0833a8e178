# Right: socketserver with the file that it makes for each connection. Argument 3: the limit.
import socketserver, sys

LIMIT = int(sys.argv[3]) if len(sys.argv) > 3 else 1024


class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        while True:
            line = self.rfile.readline(LIMIT + 1)
            if not line.endswith(b"\n"):
                return
            self.wfile.write(b"-----> " + line)


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128


Server((sys.argv[1], int(sys.argv[2])), Handler).serve_forever()
