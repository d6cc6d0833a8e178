# Menu client; the mistake: the bytes are printed as Python writes them, not as the text that they are.
import socket, sys
with socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=60) as sock, sock.makefile("rb") as texts:
    greeted = False
    for line in sys.stdin:
        sock.sendall(line.rstrip("\n").encode())
        if not greeted:
            print("greeting:", texts.read(15), flush=True)
            greeted = True
        print("answer:", texts.read(16), flush=True)
