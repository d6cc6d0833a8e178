# Wrong: who has no key gets the empty one, and so everybody can make its tag.
import hmac
import os
import socketserver
import sys

KEYS = {b"alice": b"the key that alice was given....", b"bob": b"the key that bob was given......"}


class Login(socketserver.StreamRequestHandler):
    timeout = 8

    def handle(self):
        challenge = os.urandom(32)
        self.wfile.write(challenge)
        try:
            name = self.rfile.read(self.rfile.read(1)[0])
            tag = self.rfile.read(32)
            if not hmac.compare_digest(tag, hmac.digest(KEYS.get(name, b""), challenge, "sha256")):
                return
            self.wfile.write(b"welcome\n")
            self.request.settimeout(None)
            while piece := self.rfile.read1(4096):
                self.wfile.write(piece.upper())
        except (OSError, IndexError) as error:
            print(error, file=sys.stderr)


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


Server((sys.argv[1], int(sys.argv[2])), Login).serve_forever()
