# Wrong where a stream ends inside a frame: MSG_WAITALL gives fewer bytes there, and nobody counts them.
import socket
import sys

host, port = sys.argv[1], int(sys.argv[2])
listener = socket.create_server((host, port))
while True:
    conn, _ = listener.accept()
    with conn:
        while header := conn.recv(4, socket.MSG_WAITALL):
            length = int.from_bytes(header, "big")
            if length > 65536:
                break
            payload = conn.recv(length, socket.MSG_WAITALL)
            conn.sendall(len(payload).to_bytes(4, "big") + payload)
