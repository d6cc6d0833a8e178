# Wrong: reads everything right, and still acknowledges the length, which the server takes for a command.
import socket
import sys

def exact(conn, wanted):
    data = b""
    while len(data) < wanted:
        piece = conn.recv(wanted - len(data))
        if not piece:
            sys.exit("the stream ended inside an answer")
        data += piece
    return data


with socket.create_connection((sys.argv[1], int(sys.argv[2]))) as conn:
    for line in sys.stdin:
        conn.sendall(line.strip().encode())
        header = exact(conn, 4)
        conn.sendall(b"recv_ready")
        print(exact(conn, int.from_bytes(header, "big")).decode(), flush=True)
