# Mistake: waits for recv, and takes whatever it gives for an acknowledgement: the empty read of the end too.
import socket, sys

sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
for line in sys.stdin:
    try:
        sock.sendall(line.encode())
        sock.recv(3)
    except OSError as error:
        sys.exit(f"not delivered: {line.strip()}: {error}")
    print("delivered:", line.strip(), flush=True)
