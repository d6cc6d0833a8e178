# Mistake, half a cure: tries again for two seconds; a connection stays in TIME-WAIT for a minute.
import socket, sys, time

for attempt in range(5):
    srv = socket.socket()
    try:
        srv.bind((sys.argv[1], int(sys.argv[2])))
        break
    except OSError as error:
        print("cannot bind:", error, file=sys.stderr, flush=True)
        srv.close()
        time.sleep(0.4)
else:
    sys.exit(1)
srv.listen()
conn, _ = srv.accept()
with conn:
    conn.recv(6, socket.MSG_WAITALL)
    conn.sendall(b"hi")
