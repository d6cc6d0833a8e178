# Mistake: one recv for the acknowledgement: the half of it that has come is not the whole, and the message is called lost.
import socket, sys

sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
for line in sys.stdin:
    try:
        sock.sendall(line.encode())
        answer = sock.recv(3)
    except OSError as error:
        sys.exit(f"not delivered: {line.strip()}: {error}")
    if answer != b"ok\n":
        sys.exit(f"not delivered: {line.strip()}")
    print("delivered:", line.strip(), flush=True)
