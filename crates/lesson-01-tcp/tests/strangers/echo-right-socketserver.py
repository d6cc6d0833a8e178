# Right: an echo server with socketserver, a thread for each client; an error in a handler ends that client only.
import socketserver, sys

class Echo(socketserver.StreamRequestHandler):
    timeout = float(sys.argv[3]) if len(sys.argv) > 3 else 5

    def handle(self):
        try:
            while True:
                data = self.request.recv(2048)
                if not data:
                    return
                self.request.sendall(data)
        except OSError as error:
            print("connection closed:", error, file=sys.stderr)

class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

with Server((sys.argv[1], int(sys.argv[2])), Echo) as server:
    server.serve_forever()
