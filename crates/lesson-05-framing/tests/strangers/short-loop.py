# Wrong where a stream ends inside a frame: the loop stops at the end of the stream and gives what it has.
import socket
import sys

host, port = sys.argv[1], int(sys.argv[2])


def take(conn, wanted):
    data = b""
    while len(data) < wanted:
        piece = conn.recv(wanted - len(data))
        if not piece:
            break
        data += piece
    return data


listener = socket.create_server((host, port))
while True:
    conn, _ = listener.accept()
    with conn:
        while len(header := take(conn, 4)) == 4:
            length = int.from_bytes(header, "big")
            if length > 65536:
                break
            payload = take(conn, length)
            conn.sendall(header + payload)
