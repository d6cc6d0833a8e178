"""Sends bytes that mean nothing to everybody, reads and closes."""
import socket, sys
server = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = server.accept()
    try:
        conn.sendall(bytes(range(128, 256)) * 4)
        conn.recv(1024)
    except OSError:
        pass
    conn.close()
