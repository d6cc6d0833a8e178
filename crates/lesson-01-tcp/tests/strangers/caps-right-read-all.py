# Right: another cure: it reads the text to its end, with a limit, and decodes it once.
import socket, sys, threading

def serve(conn):
    with conn:
        conn.settimeout(10)
        text = b""
        try:
            while data := conn.recv(4096):
                text += data
                if len(text) > 1 << 20:
                    raise ValueError("the text is too long")
            conn.sendall(text.decode().upper().encode())
        except (OSError, ValueError) as error:
            print("connection closed:", error, file=sys.stderr)

listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = listener.accept()
    threading.Thread(target=serve, args=(conn,), daemon=True).start()
