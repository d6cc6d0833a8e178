# Mistake: the timeout is caught inside the loop, and the same client is asked again: a deadline that ends nothing.
import socket, sys

listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = listener.accept()
    with conn:
        conn.settimeout(0.5)
        while True:
            try:
                data = conn.recv(1024)
                if not data:
                    break
                conn.sendall(data)
            except socket.timeout:
                continue
            except OSError:
                break
