# Mistake: a buffer of 1 MiB, in the belief that a message that has room comes whole.
import socket, sys, threading


def serve(conn):
    with conn:
        while data := conn.recv(1 << 20):
            for message in data.decode(errors="replace").split("\n"):
                if message:
                    conn.sendall(f"-----> {message}\n".encode())


srv = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    threading.Thread(target=serve, args=(srv.accept()[0],), daemon=True).start()
