# Wrong: a right length, and the text is changed.
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
                conn.sendall(len(result).to_bytes(4, "big") + result.upper())
    except OSError as error:
        print(error)
