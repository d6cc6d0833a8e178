# Wrong: a buffered file would gather both parts, but it is flushed behind each. A thread for each client.
import socketserver
import struct
import sys

host, port = sys.argv[1], int(sys.argv[2])


class Commands(socketserver.BaseRequestHandler):
    def handle(self):
        with self.request.makefile("wb") as file:
            while command := self.request.recv(1024):
                result = command[5:] if command.startswith(b"echo ") else b"unknown command: there is echo TEXT"
                file.write(struct.pack("=i", len(result)))
                file.flush()
                file.write(result)
                file.flush()


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


Server((host, port), Commands).serve_forever()
