# Reads GBK and answers in UTF-8, with the module socketserver. Right: it prints the error of a datagram that is no text
# and goes on.
import socketserver, sys


class Read(socketserver.BaseRequestHandler):
    def handle(self):
        data, s = self.request
        s.sendto(str(data, "gbk").encode(), self.client_address)


socketserver.UDPServer((sys.argv[1], int(sys.argv[2])), Read).serve_forever()
