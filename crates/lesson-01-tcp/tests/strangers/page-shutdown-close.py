# Mistake: a half cure: shutdown right before close; the bytes are unread all the same.
import socket, sys

listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = listener.accept()
    try:
        conn.recv(4)
        conn.sendall(b"page" * 25_000)
        conn.shutdown(socket.SHUT_WR)
    except OSError as error:
        print(error, file=sys.stderr)
    conn.close()
