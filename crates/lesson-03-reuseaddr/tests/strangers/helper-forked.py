# Mistake: the helper is a fork of the server, without exec: close-on-exec does nothing for it, and it never closes the listener.
import os, socket, sys, time

srv = socket.create_server((sys.argv[1], int(sys.argv[2])))
conn, _ = srv.accept()
conn.recv(6, socket.MSG_WAITALL)
if os.fork() == 0:
    conn.close()
    time.sleep(60)
    os._exit(0)
conn.sendall(b"hi")
conn.close()
