# Right: nothing is read ahead: recv(1) up to the newline, then recv until the message is whole. A thread for each client.
import socket, sys, threading


def exactly(conn, length):
    data = b""
    while len(data) < length:
        piece = conn.recv(length - len(data))
        if not piece:
            raise EOFError
        data += piece
    return data


def serve(conn):
    with conn:
        try:
            while True:
                digits = b""
                while not digits.endswith(b"\n"):
                    digits += exactly(conn, 1)
                    if len(digits) > 5:
                        return
                conn.sendall(b"-----> " + exactly(conn, min(int(digits), 1024)) + b"\n")
        except (OSError, EOFError, ValueError):
            pass


srv = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    threading.Thread(target=serve, args=(srv.accept()[0],), daemon=True).start()
