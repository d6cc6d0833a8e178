# Right: decodes the text, encodes it again and counts the bytes; what is no UTF-8 ends the connection.
import socketserver
import sys

host, port = sys.argv[1], int(sys.argv[2])


class Echo(socketserver.StreamRequestHandler):
    def handle(self):
        try:
            while len(header := self.rfile.read(4)) == 4:
                length = int.from_bytes(header, "big")
                if length > 65536 or len(data := self.rfile.read(length)) < length:
                    return
                answer = data.decode("utf-8").encode("utf-8")
                self.wfile.write(len(answer).to_bytes(4, "big") + answer)
        except (OSError, UnicodeDecodeError) as error:
            print("connection closed:", error)


class Server(socketserver.TCPServer):
    allow_reuse_address = True


Server((host, port), Echo).serve_forever()
