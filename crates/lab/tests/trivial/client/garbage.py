"""Sends bytes that mean nothing, reads once and ends."""
import socket, sys
with socket.create_connection((sys.argv[1], int(sys.argv[2]))) as connection:
    connection.sendall(bytes(range(128, 256)) * 4)
    connection.settimeout(2)
    try:
        connection.recv(1024)
    except OSError:
        pass
