# An echo server of the module socketserver, told to make room for the largest datagram. Right.
import socketserver, sys


class Echo(socketserver.BaseRequestHandler):
    def handle(self):
        data, s = self.request
        s.sendto(data, self.client_address)


class Server(socketserver.UDPServer):
    max_packet_size = 65535


Server((sys.argv[1], int(sys.argv[2])), Echo).serve_forever()
