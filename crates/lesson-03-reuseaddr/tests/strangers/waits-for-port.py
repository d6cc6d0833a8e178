# Mistake: tries bind again until the address is free, for as long as that takes.
import socket, sys, time

numbers = sys.argv[3:] == ["numbers"]
srv = socket.socket()
while True:
    try:
        srv.bind((sys.argv[1], int(sys.argv[2])))
        break
    except OSError:
        time.sleep(0.3)
srv.listen()
number = 0
while True:
    conn, _ = srv.accept()
    with conn:
        try:
            if conn.recv(6, socket.MSG_WAITALL) == b"hello!":
                number += 1
                conn.sendall(b"hi %d" % number if numbers else b"hi")
        except OSError as error:
            print(error, file=sys.stderr, flush=True)
