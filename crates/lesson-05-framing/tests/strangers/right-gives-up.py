# Right: a client that stops inside a frame for 0.7 s is closed; a thread for each client.
import socket
import sys
import threading

host, port = sys.argv[1], int(sys.argv[2])


def serve(conn):
    with conn:
        try:
            while True:
                conn.settimeout(30)
                first = conn.recv(1)
                if not first:
                    return
                conn.settimeout(0.7)
                header = first + exact(conn, 3)
                length = int.from_bytes(header, "big")
                if length > 65536:
                    return
                conn.sendall(header + exact(conn, length))
        except (OSError, EOFError) as error:
            print("connection closed:", error)


def exact(conn, wanted):
    data = b""
    while len(data) < wanted:
        piece = conn.recv(wanted - len(data))
        if not piece:
            raise EOFError("the stream ended inside a frame")
        data += piece
    return data


listener = socket.create_server((host, port))
while True:
    threading.Thread(target=serve, args=listener.accept()[:1], daemon=True).start()
