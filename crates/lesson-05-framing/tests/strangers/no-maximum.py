# Wrong: reads frames right and without a maximum. It never asks for memory that it does not need, and waits for the rest.
import socket
import sys
import threading

host, port = sys.argv[1], int(sys.argv[2])


def serve(conn):
    with conn:
        buffer = bytearray()
        try:
            while data := conn.recv(4096):
                buffer += data
                while len(buffer) >= 4 and len(buffer) >= (end := 4 + int.from_bytes(buffer[:4], "big")):
                    conn.sendall(buffer[:end])
                    del buffer[:end]
        except OSError:
            pass


listener = socket.create_server((host, port))
while True:
    threading.Thread(target=serve, args=listener.accept()[:1], daemon=True).start()
