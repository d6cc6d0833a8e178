# Mistake: one loop over non-blocking sockets without select: it never sleeps. With a third argument it sleeps so many seconds
# where there was nothing to do, which is right.
import socket, sys, time

listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
listener.settimeout(0)
pending = {}
while True:
    idle = True
    try:
        conn, _ = listener.accept()
        conn.settimeout(0)
        pending[conn] = b""
        idle = False
    except OSError:
        pass
    for conn in list(pending):
        try:
            if not pending[conn]:
                pending[conn] = conn.recv(4096)
                if not pending[conn]:
                    raise ConnectionError("end of stream")
            pending[conn] = pending[conn][conn.send(pending[conn]):]
            idle = False
        except BlockingIOError:
            pass
        except OSError:
            del pending[conn]
            conn.close()
            idle = False
    if idle and len(sys.argv) > 3:
        time.sleep(float(sys.argv[3]))
