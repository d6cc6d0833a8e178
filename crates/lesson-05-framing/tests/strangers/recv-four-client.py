# Wrong: one recv for the four bytes of the length.
import socket
import sys

with socket.create_connection((sys.argv[1], int(sys.argv[2]))) as conn:
    for line in sys.stdin:
        conn.sendall(line.strip().encode())
        length = int.from_bytes(conn.recv(4), "big")
        result = b""
        while len(result) < length:
            piece = conn.recv(length - len(result))
            if not piece:
                sys.exit("the stream ended inside an answer")
            result += piece
        print(result.decode("utf-8", "replace"), flush=True)
