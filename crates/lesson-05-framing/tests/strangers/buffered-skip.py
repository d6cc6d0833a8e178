# Wrong: reads frames through a buffer, and skips one that is too long past that buffer.
import socketserver
import struct
import sys


class Echo(socketserver.StreamRequestHandler):
    def handle(self):
        while len(header := self.rfile.read(4)) == 4:
            length = struct.unpack(">I", header)[0]
            if length > 16:
                self.request.recv(length)
                continue
            payload = self.rfile.read(length)
            if len(payload) < length:
                return
            self.wfile.write(header + payload)


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


Server((sys.argv[1], int(sys.argv[2])), Echo).serve_forever()
