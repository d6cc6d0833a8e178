# Menu client; half a fix: recv(15) and recv(16), which may give less.
import socket, sys
sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
greeted = False
for line in sys.stdin:
    sock.sendall(line.rstrip("\n").encode())
    if not greeted:
        print("greeting:", sock.recv(15).decode(errors="replace"), flush=True)
        greeted = True
    print("answer:", sock.recv(16).decode(errors="replace"), flush=True)
