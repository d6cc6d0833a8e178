# Right: an incremental decoder keeps the part of a character that has come.
import codecs, socket, sys

listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = listener.accept()
    with conn:
        conn.settimeout(10)
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            while data := conn.recv(1024):
                conn.sendall(decoder.decode(data).upper().encode())
            decoder.decode(b"", final=True)
        except (OSError, UnicodeDecodeError) as error:
            print("connection closed:", error, file=sys.stderr)
