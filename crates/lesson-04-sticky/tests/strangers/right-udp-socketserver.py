# Right: socketserver, whose datagrams have room for 8192 bytes.
import socketserver, sys


class Handler(socketserver.BaseRequestHandler):
    def handle(self):
        message, sock = self.request
        if len(message) <= 1024:
            sock.sendto(b"-----> " + message, self.client_address)


socketserver.UDPServer((sys.argv[1], int(sys.argv[2])), Handler).serve_forever()
