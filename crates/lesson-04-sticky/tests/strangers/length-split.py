# Mistake: splits what one recv gave at the newlines and guesses which parts are lengths.
import re, socket, sys

srv = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = srv.accept()
    with conn:
        while data := conn.recv(4096):
            for message in re.split(rb"\d+\n", data)[1:]:
                conn.sendall(b"-----> " + message + b"\n")
