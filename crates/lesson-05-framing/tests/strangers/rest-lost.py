# Wrong: waits until a frame is whole, answers it, and throws away what came behind it.
import socket
import sys

host, port = sys.argv[1], int(sys.argv[2])
maximum = 65536
listener = socket.create_server((host, port))
while True:
    conn, _ = listener.accept()
    with conn:
        buffer = b""
        while data := conn.recv(32768):
            buffer += data
            if len(buffer) < 4:
                continue
            length = int.from_bytes(buffer[:4], "big")
            if length > maximum:
                break
            if len(buffer) >= 4 + length:
                conn.sendall(buffer[: 4 + length])
                buffer = b""
