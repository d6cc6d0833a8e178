# Mistake: the helper does not get the listener, but the connection: the client never sees its end.
import socket, subprocess, sys

srv = socket.create_server((sys.argv[1], int(sys.argv[2])))
conn, _ = srv.accept()
conn.recv(6, socket.MSG_WAITALL)
subprocess.Popen(["sleep", "60"], pass_fds=[conn.fileno()], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                 stderr=subprocess.DEVNULL)
conn.sendall(b"hi")
conn.close()
