# Wrong: right lengths, and then strip takes away the blanks of the message.
import socket, sys

srv = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = srv.accept()
    with conn, conn.makefile("rb") as both:
        while length := both.readline():
            message = both.read(int(length))
            if len(message) < int(length):
                break
            conn.sendall(b"-----> " + message.strip(b" ") + b"\n")
