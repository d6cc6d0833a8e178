# Wrong: the arrow goes out with the first byte of a message, the rest when the message is whole.
import socket, sys

srv = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = srv.accept()
    with conn:
        kept = b""
        try:
            while data := conn.recv(4096):
                if not kept:
                    conn.sendall(b"-----> ")
                kept += data
                while b"\n" in kept:
                    message, _, kept = kept.partition(b"\n")
                    conn.sendall(message + b"\n" + (b"-----> " if kept else b""))
        except OSError as error:
            print(error, file=sys.stderr, flush=True)
