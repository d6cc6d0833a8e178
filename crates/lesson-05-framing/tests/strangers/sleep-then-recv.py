# Wrong: waits a little so that all of a frame is there, and then takes it with one recv.
import socket
import sys
import time

host, port = sys.argv[1], int(sys.argv[2])
listener = socket.create_server((host, port))
while True:
    conn, _ = listener.accept()
    with conn:
        while True:
            time.sleep(0.2)
            data = conn.recv(65536 + 4)
            if not data:
                break
            if len(data) < 4 or len(data) != 4 + int.from_bytes(data[:4], "big"):
                print("not a frame, ignored:", len(data), "bytes")
                continue
            conn.sendall(data)
