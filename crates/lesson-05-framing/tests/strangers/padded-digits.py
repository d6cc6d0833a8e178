# Wrong: four digits with zeros in front. That has a fixed length, and is not the one of this wire.
import socket
import sys

host, port = sys.argv[1], int(sys.argv[2])
listener = socket.create_server((host, port))
while True:
    conn, _ = listener.accept()
    try:
        with conn:
            while command := conn.recv(1024):
                result = command[5:] if command.startswith(b"echo ") else b"unknown command: there is echo TEXT"
                conn.sendall(b"%04d%s" % (len(result), result))
    except OSError as error:
        print(error)
