# Right: another cure: a connection for each message, made when the message is there.
import socket, sys

for line in sys.stdin:
    line = line.rstrip("\n")
    try:
        with socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=5) as sock:
            sock.sendall(line.encode() + b"\n")
            with sock.makefile("rb") as file:
                acknowledged = file.readline() == b"ok\n"
    except OSError as error:
        sys.exit(f"not delivered: {line}: {error}")
    if not acknowledged:
        sys.exit(f"not delivered: {line}: the server closed without an answer")
    print(f"delivered: {line}", flush=True)
