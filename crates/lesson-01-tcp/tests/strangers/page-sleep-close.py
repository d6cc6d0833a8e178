# Mistake: a wrong cure: it sleeps a moment, so that everything "has been sent", and closes with unread bytes.
import socket, sys, time

listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = listener.accept()
    conn.recv(4)
    conn.sendall(b"page" * 25_000)
    time.sleep(0.3)
    conn.close()
