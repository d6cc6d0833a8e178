"""Sends without end and reads nothing."""
import socket, sys
with socket.create_connection((sys.argv[1], int(sys.argv[2]))) as connection:
    while True:
        connection.sendall(b"again and again\n")
