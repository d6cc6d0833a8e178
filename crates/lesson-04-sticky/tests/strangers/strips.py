# Wrong: strip takes the blanks of a message away with its newline, and they belong to it.
import socket, sys

srv = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = srv.accept()
    with conn, conn.makefile("rb") as lines:
        for line in lines:
            if line.endswith(b"\n"):
                conn.sendall(b"-----> " + line.strip() + b"\n")
