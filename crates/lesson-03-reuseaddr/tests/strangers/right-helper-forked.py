# Right: a forked helper, which closes what is not its own. Keeps running.
import os, signal, socket, sys, time

signal.signal(signal.SIGCHLD, signal.SIG_IGN)
srv = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = srv.accept()
    with conn:
        conn.recv(6, socket.MSG_WAITALL)
        if os.fork() == 0:
            srv.close()
            conn.close()
            time.sleep(60)
            os._exit(0)
        conn.sendall(b"hi")
