# Mistake: prints the bytes object, b'...', and not the text that it stands for.
import socket, sys

with socket.create_connection((sys.argv[1], int(sys.argv[2]))) as sock:
    sock.sendall(sys.stdin.buffer.read())
    sock.shutdown(socket.SHUT_WR)
    print(sock.makefile("rb").read())
