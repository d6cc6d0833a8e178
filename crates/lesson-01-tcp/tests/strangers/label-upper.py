# Mistake: sends in capital letters what was typed in small ones, and prints the answer in small ones again.
import socket, sys

with socket.create_connection((sys.argv[1], int(sys.argv[2]))) as sock, sock.makefile("rb") as answers:
    for line in sys.stdin:
        line = line.rstrip("\n")
        if line:
            message = line.encode().upper()
            sock.sendall(message)
            answers.read(6 + len(message))
            print("echo: " + line, flush=True)
