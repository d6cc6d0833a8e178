# Wrong: takes the first command of what one recv gives; the others are thrown away.
import socket
import sys

host, port = sys.argv[1], int(sys.argv[2])
listener = socket.create_server((host, port))
while True:
    conn, _ = listener.accept()
    with conn:
        while data := conn.recv(65536):
            command = data[4 : 4 + int.from_bytes(data[:4], "big")]
            result = command[5:] if command.startswith(b"echo ") else b"unknown command"
            conn.sendall(len(result).to_bytes(4, "big") + result)
