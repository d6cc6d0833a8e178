# Right: a generator cuts the commands out of the stream; a thread for each client.
import socket
import sys
import threading

host, port = sys.argv[1], int(sys.argv[2])


def commands(conn):
    buffer = b""
    while data := conn.recv(4096):
        buffer += data
        while len(buffer) >= 4:
            end = 4 + int.from_bytes(buffer[:4], "big")
            if end > 4 + 1024:
                return
            if len(buffer) < end:
                break
            yield buffer[4:end]
            buffer = buffer[end:]


def serve(conn):
    try:
        with conn:
            for command in commands(conn):
                result = command[5:] if command[:5] == b"echo " else b"unknown command: there is echo TEXT"
                conn.sendall(len(result).to_bytes(4, "big") + result)
    except OSError:
        pass


listener = socket.create_server((host, port))
while True:
    threading.Thread(target=serve, args=listener.accept()[:1], daemon=True).start()
