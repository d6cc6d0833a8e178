# Sums on socketserver; the mistake: shutdown() called in the thread of serve_forever() waits for itself, forever.
import signal, socketserver, sys
class Sum(socketserver.StreamRequestHandler):
    def handle(self):
        self.wfile.write(b"%d\n" % sum(int(line) for line in self.rfile))
class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
with Server((sys.argv[1], int(sys.argv[2])), Sum) as server:
    signal.signal(signal.SIGINT, lambda *_: server.shutdown())
    server.serve_forever()
