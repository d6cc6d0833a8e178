# Right: makefile in text mode decodes, whatever the pieces are.
import socketserver, sys

class Capitals(socketserver.BaseRequestHandler):
    def handle(self):
        self.request.settimeout(10)
        try:
            with self.request.makefile("r", encoding="utf-8", newline="") as text:
                while character := text.read(1):
                    self.request.sendall(character.upper().encode())
        except (OSError, UnicodeDecodeError) as error:
            print("connection closed:", error, file=sys.stderr)

class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

Server((sys.argv[1], int(sys.argv[2])), Capitals).serve_forever()
