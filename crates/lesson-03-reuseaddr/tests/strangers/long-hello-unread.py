# Mistake: never reads the hello: closing a socket with bytes unread is a reset too, without any option.
import select, socket, sys

srv = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = srv.accept()
    select.select([conn], [], [])
    conn.sendall(b"hi" * 50_000)
    conn.close()
