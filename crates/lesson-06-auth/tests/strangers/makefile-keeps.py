# Wrong: conn.close() is called on every way out, but the file of makefile holds the descriptor, and a list
# holds the file.
import os
import socket
import threading

from login_wire import address, key, same, tag

KEY = key()
log = []


def serve(conn):
    file = conn.makefile("rwb", buffering=0)
    log.append(file)
    try:
        challenge = os.urandom(32)
        file.write(challenge)
        answer = b""
        while len(answer) < 32 and (piece := file.read(32 - len(answer))):
            answer += piece
        if not same(tag(KEY, challenge), answer):
            return
        while piece := file.read(1024):
            conn.sendall(piece.upper())
        file.close()
    except OSError as error:
        print("connection closed:", error)
    finally:
        conn.close()


with socket.create_server(address()) as listener:
    while True:
        threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
