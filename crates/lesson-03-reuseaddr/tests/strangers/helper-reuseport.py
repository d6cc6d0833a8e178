# Mistake, a cure from the net: SO_REUSEPORT lets the next server in, beside the helper's listener, where clients wait for nobody.
import socket, subprocess, sys

srv = socket.create_server((sys.argv[1], int(sys.argv[2])), reuse_port=True)
srv.set_inheritable(True)
while True:
    conn, _ = srv.accept()
    with conn:
        conn.recv(6, socket.MSG_WAITALL)
        subprocess.Popen(["sleep", "60"], close_fds=False, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                         stderr=subprocess.DEVNULL)
        conn.sendall(b"hi")
