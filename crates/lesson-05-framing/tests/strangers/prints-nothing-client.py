# Wrong: reads every answer and prints none.
import socket
import sys

with socket.create_connection((sys.argv[1], int(sys.argv[2]))) as conn, conn.makefile("rb") as file:
    for line in sys.stdin:
        conn.sendall(line.strip().encode())
        file.read(int.from_bytes(file.read(4), "big"))
