# Wrong: the length in two pieces and the result: three small writes.
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
                length = struct.pack("=i", len(result))
                for part in (length[:2], length[2:], result):
                    conn.sendall(part)
    except OSError as error:
        print(error)
