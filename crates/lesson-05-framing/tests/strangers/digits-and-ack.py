# Wrong: sends the length in digits and waits for an acknowledgement before it sends the result.
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
                conn.sendall(str(len(result)).encode())
                if conn.recv(1024) == b"recv_ready":
                    conn.sendall(result)
    except OSError as error:
        print(error)
