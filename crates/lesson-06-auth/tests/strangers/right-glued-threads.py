# Right: the tag is over the bytes as they came, lengths and all; a thread for each client.
import os
import socket
import threading

from login_wire import KEYS, Refused, address, check, read, tag


def serve(conn):
    with conn:
        conn.settimeout(5)
        try:
            challenge = os.urandom(32)
            conn.sendall(challenge)
            message, fields = b"", []
            for _ in range(2):
                size = read(conn, 1)
                fields.append(read(conn, size[0]))
                message += size + fields[-1]
            check(tag(KEYS["shared"], challenge, message), read(conn, 32))
            conn.sendall(b"paid %s to %s\n" % (fields[1], fields[0]))
        except (Refused, EOFError, OSError) as error:
            print("nothing is paid:", error)


with socket.create_server(address(), backlog=128) as listener:
    while True:
        threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
