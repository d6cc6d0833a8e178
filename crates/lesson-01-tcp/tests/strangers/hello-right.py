# Right: create_connection with a timeout, which the socket keeps for every later call; errors are not caught.
import socket, sys

sock = socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=2)
print("connected", flush=True)
sock.sendall(b"hello")
answer = b""
while len(answer) < 5:
    piece = sock.recv(5 - len(answer))
    if not piece:
        sys.exit("the server has closed")
    answer += piece
print(answer.decode())
