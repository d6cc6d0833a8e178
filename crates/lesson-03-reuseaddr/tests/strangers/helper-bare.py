# Mistake: the helper gets nothing, but bind is without SO_REUSEADDR, so the server's own last connection keeps the port.
import socket, subprocess, sys

srv = socket.socket()
srv.bind((sys.argv[1], int(sys.argv[2])))
srv.listen()
conn, _ = srv.accept()
with conn:
    conn.recv(6, socket.MSG_WAITALL)
    subprocess.Popen(["sleep", "60"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    conn.sendall(b"hi")
