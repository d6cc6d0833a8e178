# Wrong: one write for each answer, and the text in it is changed.
import socket
import struct
import sys

host, port = sys.argv[1], int(sys.argv[2])
listener = socket.create_server((host, port))
while True:
    conn, _ = listener.accept()
    with conn:
        while command := conn.recv(1024):
            result = command[5:].upper()
            conn.sendall(struct.pack("=i", len(result)) + result)
