# Wrong: frames are cut right, but the empty read is taken for a pause: it asks again without end.
import socket
import sys
import threading

host, port = sys.argv[1], int(sys.argv[2])


def serve(conn):
    buffer = b""
    while True:
        buffer += conn.recv(4096)
        while len(buffer) >= 4 and len(buffer) >= 4 + int.from_bytes(buffer[:4], "big"):
            end = 4 + int.from_bytes(buffer[:4], "big")
            conn.sendall(buffer[:end])
            buffer = buffer[end:]
        if len(buffer) >= 4 and int.from_bytes(buffer[:4], "big") > 65536:
            break
    conn.close()


listener = socket.create_server((host, port))
while True:
    threading.Thread(target=serve, args=listener.accept()[:1], daemon=True).start()
