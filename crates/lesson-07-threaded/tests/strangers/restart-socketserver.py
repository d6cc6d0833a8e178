# Menu on socketserver; the mistake: ThreadingTCPServer does not set SO_REUSEADDR by itself.
import socketserver, sys
class Menu(socketserver.BaseRequestHandler):
    def handle(self):
        try:
            self.request.settimeout(60)
            self.request.sendall("我是多线程".encode())
            while True:
                data = self.request.recv(1024)
                if not data or data == b"exit":
                    return
                self.request.sendall(("您输入的是0" if data == b"0" else "请重新输入.").encode())
        except OSError as error:
            print(self.client_address, error, file=sys.stderr)
class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 128
with Server((sys.argv[1], int(sys.argv[2])), Menu) as server:
    server.serve_forever()
