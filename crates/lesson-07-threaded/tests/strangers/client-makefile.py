# Menu client, right: a buffered file reads texts of a known length; it ends its direction and waits for the server's end.
import socket, sys
with socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=60) as sock, sock.makefile("rb") as texts:
    greeted = False
    for line in sys.stdin:
        sock.sendall(line.rstrip("\n").encode())
        if not greeted:
            print("greeting:", texts.read(15).decode(), flush=True)
            greeted = True
        print("answer:", texts.read(16).decode(), flush=True)
    sock.shutdown(socket.SHUT_WR)
    texts.read()
