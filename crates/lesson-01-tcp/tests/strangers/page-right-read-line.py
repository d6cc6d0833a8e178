# Right: the other cure: it reads the whole request, a line of at most 64 KiB, before it answers and closes.
import socket, sys, threading

def serve(conn):
    with conn:
        conn.settimeout(30)
        request = b""
        try:
            while not request.endswith(b"\n") and len(request) <= 64 * 1024:
                piece = conn.recv(1024)
                if not piece:
                    return
                request += piece
            conn.sendall(b"page" * 25_000)
        except OSError as error:
            print("connection closed:", error, file=sys.stderr)

listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = listener.accept()
    threading.Thread(target=serve, args=(conn,), daemon=True).start()
