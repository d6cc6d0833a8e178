# Right: sendmsg gathers both parts in one call.
import socket
import struct
import sys

host, port = sys.argv[1], int(sys.argv[2])
listener = socket.create_server((host, port))
while True:
    conn, _ = listener.accept()
    try:
        with conn:
            while command := conn.recv(1024):
                result = command[5:] if command.startswith(b"echo ") else b"unknown command: there is echo TEXT"
                parts = [struct.pack("=i", len(result)), result]
                sent = conn.sendmsg(parts)
                conn.sendall(b"".join(parts)[sent:])
    except OSError as error:
        print(error)
