# Mistake: the message stays in the buffer of makefile, and the client waits for the acknowledgement of what it never sent.
import socket, sys

sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
file = sock.makefile("rw")
for line in sys.stdin:
    file.write(line)
    if file.readline() != "ok\n":
        sys.exit("not delivered: " + line)
    print("delivered:", line.strip(), flush=True)
