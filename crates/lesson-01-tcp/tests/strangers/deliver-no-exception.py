# Mistake: a half cure: delivered unless send raises an error; it looks for errors, and not for an answer.
import socket, sys

sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
for line in sys.stdin:
    try:
        sock.sendall(line.encode())
    except OSError as error:
        sys.exit(f"not delivered: {line.strip()}: {error}")
    print("delivered:", line.strip(), flush=True)
