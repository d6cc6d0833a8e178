# Wrong: splits what it has read at the word echo, which may be in a text as well.
import socket
import sys

host, port = sys.argv[1], int(sys.argv[2])
listener = socket.create_server((host, port))
while True:
    conn, _ = listener.accept()
    with conn:
        while data := conn.recv(65536):
            for part in data.split(b"echo ")[1:]:
                result = part[:-4] if data.find(part) + len(part) < len(data) else part
                conn.sendall(len(result).to_bytes(4, "big") + result)
