# Mistake: sorts the lines itself and never asks the server: the printed answer is right by accident.
import socket, sys

sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
text = sys.stdin.buffer.read()
sock.sendall(text)
sock.close()
sys.stdout.buffer.write(b"".join(sorted(text.splitlines(True))))
