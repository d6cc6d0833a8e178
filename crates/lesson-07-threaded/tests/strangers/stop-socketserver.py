# Sums on socketserver, right: shutdown() from another thread; leaving `with` waits for the threads of the clients.
import signal, socketserver, sys, threading
class Sum(socketserver.StreamRequestHandler):
    timeout = 60
    def handle(self):
        try:
            self.wfile.write(b"%d\n" % sum(int(line) for line in self.rfile))
        except (OSError, ValueError) as error:
            print(error, file=sys.stderr)
class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    request_queue_size = 128
with Server((sys.argv[1], int(sys.argv[2])), Sum) as server:
    signal.signal(signal.SIGINT, lambda *_: threading.Thread(target=server.shutdown).start())
    server.serve_forever(poll_interval=0.1)
