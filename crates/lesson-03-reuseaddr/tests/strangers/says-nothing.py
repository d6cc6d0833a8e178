# Sets the option, and closes without the greeting.
import socket, sys

srv = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = srv.accept()
    conn.recv(6, socket.MSG_WAITALL)
    conn.close()
