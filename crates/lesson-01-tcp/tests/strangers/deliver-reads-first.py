# Mistake: reads all of its input before it sends the first line; the next line comes only when that was sent.
import socket, sys

lines = sys.stdin.read().splitlines()
sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
answers = sock.makefile("rb")
for line in lines:
    try:
        sock.sendall(line.encode() + b"\n")
        answer = answers.readline()
    except OSError as error:
        sys.exit(f"not delivered: {line}: {error}")
    if answer != b"ok\n":
        sys.exit(f"not acknowledged: {line}")
    print("delivered:", line, flush=True)
