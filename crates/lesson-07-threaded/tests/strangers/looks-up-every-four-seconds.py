# Right: a flag that is looked at at least every four seconds.
import signal
import socket
import sys

stopping = False


def stop(*_):
    global stopping
    stopping = True


signal.signal(signal.SIGINT, stop)
server = socket.create_server((sys.argv[1], int(sys.argv[2])))
server.settimeout(4)
while not stopping:
    try:
        conn = server.accept()[0]
    except TimeoutError:
        continue
    conn.settimeout(None)
    with conn, conn.makefile("rb") as numbers:
        try:
            conn.sendall(b"%d\n" % sum(int(number) for number in numbers))
        except OSError as error:
            print(error, flush=True)
