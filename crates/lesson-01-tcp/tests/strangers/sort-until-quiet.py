# Wrong: when nothing has come for 200 ms after the first piece, the answer passes for whole.
import socket, sys

sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
sock.sendall(sys.stdin.buffer.read())
sock.shutdown(socket.SHUT_WR)
answer = b""
try:
    while piece := sock.recv(4096):
        answer += piece
        sock.settimeout(0.2)
except TimeoutError:
    pass
sys.stdout.buffer.write(answer)
