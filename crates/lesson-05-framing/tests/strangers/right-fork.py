# Right: a process for each client. The third word is the maximum.
import os
import signal
import socket
import sys

host, port = sys.argv[1], int(sys.argv[2])
maximum = int(sys.argv[3]) if len(sys.argv) > 3 else 65536


def serve(conn):
    buffer = b""
    while data := conn.recv(1000):
        buffer += data
        while len(buffer) >= 4:
            end = 4 + int.from_bytes(buffer[:4], "big")
            if end > 4 + maximum:
                return
            if len(buffer) < end:
                break
            conn.sendall(buffer[:end])
            buffer = buffer[end:]


signal.signal(signal.SIGCHLD, signal.SIG_IGN)
listener = socket.create_server((host, port))
while True:
    conn, _ = listener.accept()
    with conn:
        if os.fork() == 0:
            listener.close()
            try:
                serve(conn)
                conn.close()
            except OSError:
                pass
            os._exit(0)
