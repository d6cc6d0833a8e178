# Mistake, a cure from the net: sleeps before each recv, so that the whole message has surely come.
import socket, sys, time

srv = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = srv.accept()
    with conn:
        while True:
            time.sleep(0.05)
            data = conn.recv(65536)
            if not data:
                break
            for message in data.splitlines():
                conn.sendall(b"-----> " + message + b"\n")
