# Sends every datagram back behind a mark, and answers no answer, with the module socketserver. Right.
import socketserver, sys


class Echo(socketserver.BaseRequestHandler):
    def handle(self):
        data, s = self.request
        s.sendto(b"[echo] " + data, self.client_address)


class Server(socketserver.UDPServer):
    def verify_request(self, request, sender):
        return not request[0].startswith(b"[echo] ")


Server((sys.argv[1], int(sys.argv[2])), Echo).serve_forever()
