# Mistake: lets the client close first, but does not read what it says before: closing with bytes unread is a reset.
import select, socket, sys

srv = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = srv.accept()
    with conn:
        conn.recv(6, socket.MSG_WAITALL)
        conn.sendall(b"hi")
        poller = select.poll()
        poller.register(conn, select.POLLRDHUP)
        poller.poll()
