# An echo server of the module socketserver as it comes. Wrong: its max_packet_size is 8192, and nobody says so.
import socketserver, sys


class Echo(socketserver.BaseRequestHandler):
    def handle(self):
        data, s = self.request
        s.sendto(data, self.client_address)


socketserver.UDPServer((sys.argv[1], int(sys.argv[2])), Echo).serve_forever()
