# Right, another cure: an unbuffered file for the length reads nothing ahead, and recv goes on until the message is whole.
import socket, sys

srv = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = srv.accept()
    with conn, conn.makefile("rb", buffering=0) as lines:
        try:
            while line := lines.readline(5):
                left, message = int(line), b""
                while left and (piece := conn.recv(left)):
                    message += piece
                    left -= len(piece)
                if left:
                    break
                conn.sendall(b"-----> " + message + b"\n")
        except (OSError, ValueError) as error:
            print(error, file=sys.stderr, flush=True)
