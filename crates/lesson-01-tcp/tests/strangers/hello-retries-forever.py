# Mistake: tries again without a limit, five times a second: it never ends, and never says why.
import socket, sys, time

while True:
    try:
        sock = socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=2)
        break
    except OSError:
        time.sleep(0.2)
sock.sendall(b"hello")
print(sock.recv(5).decode())
