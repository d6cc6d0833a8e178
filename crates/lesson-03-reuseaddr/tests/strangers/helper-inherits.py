# Mistake: the listener is made inheritable and close_fds switched off, so the helper has it for as long as it lives.
import socket, subprocess, sys

srv = socket.create_server((sys.argv[1], int(sys.argv[2])))
srv.set_inheritable(True)
conn, _ = srv.accept()
with conn:
    conn.recv(6, socket.MSG_WAITALL)
    subprocess.Popen(["sleep", "60"], close_fds=False, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                     stderr=subprocess.DEVNULL)
    conn.sendall(b"hi")
