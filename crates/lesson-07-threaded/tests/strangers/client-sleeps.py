# Menu client; the fix from the net: a sleep before each recv, "so that everything has come".
import socket, sys, time
sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
greeted = False
for line in sys.stdin:
    sock.sendall(line.rstrip("\n").encode())
    if not greeted:
        time.sleep(0.1)
        print("greeting:", sock.recv(15).decode(), flush=True)
        greeted = True
    time.sleep(0.1)
    print("answer:", sock.recv(1024).decode(), flush=True)
