# Wrong: announces the length of the command, five bytes more than the result has.
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
                conn.sendall(len(command).to_bytes(4, "big") + result)
    except OSError as error:
        print(error)
