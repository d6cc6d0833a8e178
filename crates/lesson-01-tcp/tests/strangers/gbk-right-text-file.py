# Right: another way: makefile in text mode with the encoding of the server.
import io, socket, sys

lines = io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8").read().splitlines()
sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
try:
    with sock.makefile("w", encoding="gbk", newline="") as out:
        for line in lines:
            out.write(line)
except UnicodeEncodeError as error:
    sys.exit(f"cannot be sent: {error}")
sock.shutdown(socket.SHUT_WR)
print(sock.makefile("r", encoding="gbk").read(), end="")
