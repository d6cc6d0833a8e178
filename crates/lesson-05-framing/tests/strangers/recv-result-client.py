# Wrong: the length in a loop, and one recv for the result.
import socket
import sys

with socket.create_connection((sys.argv[1], int(sys.argv[2]))) as conn:
    for line in sys.stdin:
        conn.sendall(line.strip().encode())
        header = b""
        while len(header) < 4:
            piece = conn.recv(4 - len(header))
            if not piece:
                sys.exit("the stream ended")
            header += piece
        print(conn.recv(int.from_bytes(header, "big")).decode("utf-8", "replace"), flush=True)
