# Right: the lines are sent one by one as they are typed, the answer is read as a file.
import socket, sys

sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
with sock.makefile("wb") as out:
    for line in sys.stdin.buffer:
        out.write(line)
sock.shutdown(socket.SHUT_WR)
with sock.makefile("rb") as answer:
    for line in answer:
        sys.stdout.buffer.write(line)
sock.close()
