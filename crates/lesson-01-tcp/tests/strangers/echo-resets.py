# Mistake: "against TIME_WAIT" from the net: SO_LINGER 0, so that each close is a reset and not the end of a stream.
import socket, struct, sys, threading

def serve(conn):
    conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    conn.settimeout(5)
    try:
        for data in iter(lambda: conn.recv(65536), b""):
            conn.sendall(data)
    except OSError as error:
        print("client gone:", error, file=sys.stderr)
    conn.close()

listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = listener.accept()
    threading.Thread(target=serve, args=(conn,), daemon=True).start()
