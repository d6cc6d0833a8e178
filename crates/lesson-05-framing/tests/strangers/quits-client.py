# Wrong: prints every result, and sends quit at the end, which is no command of this wire.
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
        if command := line.strip():
            conn.sendall(command.encode())
            result = exact(conn, int.from_bytes(exact(conn, 4), "big"))
            print(result.decode("utf-8", "replace"), flush=True)
    conn.sendall(b"quit")
