# Wrong: ends its own direction after a refusal, and waits for the end of the client without a limit.
import hmac
import os
import socket
import sys
import threading

KEY = b"only two programs know this key."


def read(conn, length):
    got = b""
    while len(got) < length:
        piece = conn.recv(length - len(got))
        if not piece:
            raise EOFError
        got += piece
    return got


def serve(conn):
    with conn:
        try:
            challenge = os.urandom(32)
            conn.sendall(challenge)
            conn.settimeout(2)
            known = hmac.compare_digest(read(conn, 32), hmac.digest(KEY, challenge, "sha256"))
        except (OSError, EOFError):
            known = False
        try:
            conn.settimeout(None)
            if not known:
                conn.shutdown(socket.SHUT_WR)
            while piece := conn.recv(4096):
                if known:
                    conn.sendall(piece.upper())
        except OSError as error:
            print(error, file=sys.stderr)


server = socket.create_server((sys.argv[1], int(sys.argv[2])), backlog=50)
while True:
    threading.Thread(target=serve, args=server.accept()[:1], daemon=True).start()
