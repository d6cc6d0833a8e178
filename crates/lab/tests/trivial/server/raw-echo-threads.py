"""Sends back whatever one read gives, a thread for each client; knows no framing."""
import socket, sys, threading
server = socket.create_server((sys.argv[1], int(sys.argv[2])))
def serve(conn):
    try:
        while data := conn.recv(65536):
            conn.sendall(data)
    except OSError as error:
        print(error)
    conn.close()
while True:
    threading.Thread(target=serve, args=server.accept()[:1], daemon=True).start()
