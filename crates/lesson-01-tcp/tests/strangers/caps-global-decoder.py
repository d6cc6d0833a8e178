# Mistake: one decoder for all clients: the half of a character that one client leaves behind is read with the text of the next.
import codecs, socket, sys

decoder = codecs.getincrementaldecoder("utf-8")()
listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = listener.accept()
    with conn:
        conn.settimeout(10)
        try:
            while data := conn.recv(1024):
                conn.sendall(decoder.decode(data).upper().encode())
        except (OSError, UnicodeDecodeError) as error:
            print("connection closed:", error, file=sys.stderr)
