# Right, another cure: SO_REUSEADDR at the client's end too, so that its TIME-WAIT keeps nobody from the port.
import socket
import sys

kept = []
for line in sys.stdin:
    reason = None
    for _ in range(40_000):
        conn = socket.socket()
        conn.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            conn.connect((sys.argv[1], int(sys.argv[2])))
        except OSError as error:
            reason = error
            conn.close()
            continue
        if conn.getsockname() == conn.getpeername():
            reason = "connected to myself"
            conn.close()
            continue
        conn.sendall(b"hello!")
        print(conn.recv(2, socket.MSG_WAITALL).decode(), flush=True)
        kept.append(conn)
        break
    else:
        print("no server:", reason, flush=True)
