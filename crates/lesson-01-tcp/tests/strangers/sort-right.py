# Right: sends everything, ends its direction, reads up to the end.
import socket, sys

with socket.create_connection((sys.argv[1], int(sys.argv[2]))) as sock:
    sock.sendall(sys.stdin.buffer.read())
    sock.shutdown(socket.SHUT_WR)
    while True:
        piece = sock.recv(4096)
        if not piece:
            break
        sys.stdout.buffer.write(piece)
