# Starts its helper as it should, and does not greet.
import socket, subprocess, sys

srv = socket.create_server((sys.argv[1], int(sys.argv[2])))
conn, _ = srv.accept()
with conn:
    conn.recv(6, socket.MSG_WAITALL)
    subprocess.Popen(["sleep", "60"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
