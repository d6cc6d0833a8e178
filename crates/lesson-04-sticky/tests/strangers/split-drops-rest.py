# Mistake, half a cure: answers every message that is whole in one recv, and forgets the part after the last newline.
import socketserver, sys


class Handler(socketserver.BaseRequestHandler):
    def handle(self):
        while data := self.request.recv(4096):
            *messages, _rest = data.split(b"\n")
            for message in messages:
                self.request.sendall(b"-----> " + message + b"\n")


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


Server((sys.argv[1], int(sys.argv[2])), Handler).serve_forever()
