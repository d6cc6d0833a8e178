# Mistake, a cure from the net: sleeps for a moment, so that the client has surely closed, and closes.
import socket, sys, time

srv = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = srv.accept()
    with conn:
        conn.recv(6, socket.MSG_WAITALL)
        conn.sendall(b"hi")
        time.sleep(0.1)
