# Mistake, half a cure: splits what one recv gave at its newlines, and reads the last part as a message too.
import socket, sys

srv = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = srv.accept()
    with conn:
        while True:
            data = conn.recv(1024)
            if not data:
                break
            for message in data.split(b"\n"):
                if message:
                    conn.sendall(b"-----> " + message + b"\n")
