# Wrong: what one recv gives is taken for one command, with its length in front.
import socket
import sys

host, port = sys.argv[1], int(sys.argv[2])
listener = socket.create_server((host, port))
while True:
    conn, _ = listener.accept()
    with conn:
        while data := conn.recv(1024):
            command = data[4:]
            result = command[5:] if command.startswith(b"echo ") else b"unknown command"
            conn.sendall(len(result).to_bytes(4, "big") + result)
