# Mistake: the echo server of the Python manual: it accepts once and ends with its first client; the next one waits for nothing.
import socket, sys

with socket.create_server((sys.argv[1], int(sys.argv[2]))) as listener:
    conn, addr = listener.accept()
    with conn:
        while True:
            data = conn.recv(1024)
            if not data:
                break
            conn.sendall(data)
