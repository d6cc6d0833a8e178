# Right: socketserver with a thread for each client. The third word is the maximum.
import socketserver
import sys

host, port = sys.argv[1], int(sys.argv[2])
maximum = int(sys.argv[3]) if len(sys.argv) > 3 else 65536


class Echo(socketserver.StreamRequestHandler):
    timeout = 30

    def handle(self):
        try:
            while len(header := self.rfile.read(4)) == 4:
                length = int.from_bytes(header, "big")
                if length > maximum or len(payload := self.rfile.read(length)) < length:
                    return
                self.wfile.write(header + payload)
        except OSError:
            pass


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


Server((host, port), Echo).serve_forever()
