# Mistake: reads until the client has ended its stream, and only then answers anything.
import socket, sys

srv = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = srv.accept()
    with conn:
        data = b""
        try:
            while piece := conn.recv(4096):
                data += piece
            for message in data.split(b"\n")[:-1]:
                conn.sendall(b"-----> " + message + b"\n")
        except OSError as error:
            print(error, file=sys.stderr, flush=True)
