# Wrong: takes the timeout for the end of the frame and answers with what has come.
import socket
import sys

host, port = sys.argv[1], int(sys.argv[2])
listener = socket.create_server((host, port))
while True:
    conn, _ = listener.accept()
    with conn:
        conn.settimeout(0.2)
        data, ended = b"", False
        while not ended:
            try:
                piece = conn.recv(4096)
                data += piece
                ended = not piece
            except socket.timeout:
                pass
            else:
                continue
            if data:
                conn.sendall(data)
                data = b""
