# Menu client; the mistake: one recv for the greeting and one for each answer.
import socket, sys
sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
greeted = False
for line in sys.stdin:
    sock.sendall(line.rstrip("\n").encode())
    if not greeted:
        print("greeting:", sock.recv(1024).decode(), flush=True)
        greeted = True
    print("answer:", sock.recv(1024).decode(), flush=True)
