# The framing is right, and there is no limit: what has come is joined to what is kept, again and again, for ever.
import socket, sys

srv = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = srv.accept()
    with conn:
        kept = b""
        try:
            while data := conn.recv(65536):
                *messages, kept = (kept + data).split(b"\n")
                for message in messages:
                    conn.sendall(b"-----> " + message + b"\n")
        except OSError as error:
            print(error, file=sys.stderr, flush=True)
