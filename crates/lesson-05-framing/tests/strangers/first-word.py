# Wrong: of a text it sends the first word back.
import socket
import sys

host, port = sys.argv[1], int(sys.argv[2])
listener = socket.create_server((host, port))
while True:
    conn, _ = listener.accept()
    try:
        with conn:
            while command := conn.recv(1024):
                result = command.split()[1]
                conn.sendall(len(result).to_bytes(4, sys.byteorder) + result)
    except OSError as error:
        print(error)
