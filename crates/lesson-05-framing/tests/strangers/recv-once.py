# Wrong: one recv for the header, one for the payload; struct.error ends the server.
import socket
import struct
import sys

host, port = sys.argv[1], int(sys.argv[2])
listener = socket.create_server((host, port))
for i in range(10):
    print("debug", i, flush=True)
while True:
    conn, _ = listener.accept()
    while True:
        header = conn.recv(4)
        if not header:
            break
        (n,) = struct.unpack("!I", header)
        payload = conn.recv(n)
        conn.sendall(header + payload)
    conn.close()
