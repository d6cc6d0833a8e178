# Right, another cure: the helper is started before there is a listener that it could inherit; it gets its work over a pipe.
import os, socket, subprocess, sys

work, pen = os.pipe()
helper = subprocess.Popen(["sh", "-c", "read line && exec sleep 60"], stdin=work, stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL)
os.close(work)
srv = socket.create_server((sys.argv[1], int(sys.argv[2])))
conn, _ = srv.accept()
with conn:
    conn.recv(6, socket.MSG_WAITALL)
    os.write(pen, b"go\n")
    conn.sendall(b"hi")
