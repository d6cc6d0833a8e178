# Wrong: the length is read as a signed number, and recv of a negative number ends the server.
import socket
import struct
import sys

host, port = sys.argv[1], int(sys.argv[2])
listener = socket.create_server((host, port))
while True:
    conn, _ = listener.accept()
    with conn:
        while len(header := conn.recv(4, socket.MSG_WAITALL)) == 4:
            (length,) = struct.unpack("!i", header)
            if length > 65536:
                break
            payload = b""
            while len(payload) != length:
                piece = conn.recv(length - len(payload))
                if not piece:
                    break
                payload += piece
            conn.sendall(header + payload)
