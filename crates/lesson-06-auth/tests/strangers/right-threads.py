# Right: socketserver with a thread for each client. The third argument names the wire.
import socketserver
import sys

import login_wire as wire


class Handler(socketserver.BaseRequestHandler):
    def handle(self):
        self.request.settimeout(20)
        try:
            wire.drive(self.request, wire.server(sys.argv[3]), lambda: self.request.settimeout(30))
        except (wire.Refused, EOFError, OSError) as error:
            print("connection closed:", error, file=sys.stderr)
            wire.finish(self.request)


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128


with Server(wire.address(), Handler) as server:
    server.serve_forever()
