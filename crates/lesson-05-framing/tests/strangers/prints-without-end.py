# Wrong: cuts frames right; after the end of a stream it prints the same line without end.
import socket
import sys
import threading

host, port = sys.argv[1], int(sys.argv[2])


def serve(conn):
    file = conn.makefile("rb")
    while True:
        header = file.read(4)
        length = int.from_bytes(header, "big")
        if len(header) < 4 or length > 65536:
            print("waiting for data", flush=True)
            continue
        conn.sendall(header + file.read(length))


listener = socket.create_server((host, port))
while True:
    threading.Thread(target=serve, args=listener.accept()[:1], daemon=True).start()
