# Right: a thread for each client, and a buffered file of the socket, which reads on until it has what is asked for.
import socket
import struct
import sys
import threading

host, port = sys.argv[1], int(sys.argv[2])
maximum = int(sys.argv[3]) if len(sys.argv) > 3 else 65536


def serve(conn):
    try:
        with conn, conn.makefile("rb") as file:
            while True:
                header = file.read(4)
                if len(header) < 4:
                    return
                (length,) = struct.unpack(">I", header)
                if length > maximum:
                    return
                payload = file.read(length)
                if len(payload) < length:
                    return
                conn.sendall(header + payload)
    except OSError as error:
        print("connection lost:", error)


listener = socket.create_server((host, port), backlog=64)
while True:
    threading.Thread(target=serve, args=listener.accept()[:1], daemon=True).start()
