# Right: a thread for each client, and no option at all: a second server is refused too.
import itertools, socketserver, sys

numbers = itertools.count(1)


class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        number = next(numbers)
        self.rfile.read(6)
        self.wfile.write(b"hi %d" % number)


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 128


try:
    server = Server((sys.argv[1], int(sys.argv[2])), Handler)
except OSError as error:
    sys.exit(f"cannot listen at {sys.argv[1]}:{sys.argv[2]}: {error}; does another server run?")
server.serve_forever()
