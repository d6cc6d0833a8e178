# Mistake, a cure from the net: reads until nothing has come for a moment, and takes the pause for the end of the message.
import socket, sys


def everything(conn):
    data = b""
    conn.settimeout(None)
    while piece := conn.recv(65536):
        data += piece
        conn.settimeout(0.1)
        try:
            conn.recv(1, socket.MSG_PEEK)
        except socket.timeout:
            break
    return data


srv = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = srv.accept()
    with conn:
        try:
            while data := everything(conn):
                for message in data.splitlines():
                    conn.sendall(b"-----> " + message + b"\n")
        except OSError as error:
            print(error, file=sys.stderr, flush=True)
