# Right: the mask as a number; a thread for each client, a deadline, and a limit for a request.
import socket, socketserver, struct, sys


class Handler(socketserver.StreamRequestHandler):
    timeout = 30

    def handle(self):
        try:
            while (line := self.rfile.readline(64)).endswith(b"\n"):
                (host,) = struct.unpack("!I", socket.inet_aton(line.decode("ascii").strip()))
                self.wfile.write(b"yes\n" if host & 0xFFF00000 == 0xAC100000 else b"no\n")
        except (OSError, ValueError) as error:
            print(self.client_address, error, file=sys.stderr, flush=True)


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


Server((sys.argv[1], int(sys.argv[2])), Handler).serve_forever()
