# Right: takes four seconds for its answer; the wire allows five.
import socket
import sys
import time

answer = b"hi" * int(sys.argv[3])
server = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn = server.accept()[0]
    try:
        conn.recv(6, socket.MSG_WAITALL)
        time.sleep(4)
        conn.sendall(answer)
        conn.shutdown(socket.SHUT_WR)
        while conn.recv(100):
            pass
    except OSError as error:
        print(error, flush=True)
    conn.close()
