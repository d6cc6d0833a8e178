# Right: a buffered file of the socket reads the answers.
import socket
import sys

with socket.create_connection((sys.argv[1], int(sys.argv[2]))) as conn, conn.makefile("rb") as file:
    for line in sys.stdin:
        conn.sendall(line.strip().encode())
        header = file.read(4)
        length = int.from_bytes(header, "big")
        result = file.read(length)
        if len(header) < 4 or len(result) < length:
            sys.exit("the stream ended inside an answer")
        print(result.decode("utf-8", "replace"))
