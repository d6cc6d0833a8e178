# Menu client; the mistake: the next command is sent when the greeting has come, one ahead of the answers.
import socket, sys
words = [line.strip() for line in sys.stdin]
with socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=60) as sock, sock.makefile("rb") as texts:
    sock.sendall(words[0].encode())
    print("greeting:", texts.read(15).decode(), flush=True)
    for place in range(len(words)):
        if place + 1 < len(words):
            sock.sendall(words[place + 1].encode())
        print("answer:", texts.read(16).decode(), flush=True)
