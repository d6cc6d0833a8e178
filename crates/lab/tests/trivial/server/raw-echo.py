"""Sends back whatever one read gives; knows no framing."""
import socket, sys
server = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = server.accept()
    try:
        while data := conn.recv(1024):
            conn.sendall(data)
    except OSError as error:
        print(error)
    conn.close()
