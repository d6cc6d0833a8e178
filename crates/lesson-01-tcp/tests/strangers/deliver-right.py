# Right: a message is delivered when the server says so; otherwise the client ends with an error.
import socket, sys

sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
sock.settimeout(5)
answers = sock.makefile("rb")
for line in sys.stdin:
    try:
        sock.sendall(line.encode())
        answer = answers.readline(3)
    except OSError as error:
        sys.exit(f"not delivered: {line.strip()}: {error}")
    if answer != b"ok\n":
        sys.exit(f"not delivered: {line.strip()}: no acknowledgement")
    print("delivered:", line.strip(), flush=True)
