# Right: an echo server in one thread, with selectors: bytes that cannot be sent yet wait, and while they wait nothing is read.
import selectors, socket, sys, time

host, port = sys.argv[1], int(sys.argv[2])
limit = float(sys.argv[3]) if len(sys.argv) > 3 else 5
listener = socket.create_server((host, port))
listener.setblocking(False)
selector = selectors.DefaultSelector()
selector.register(listener, selectors.EVENT_READ)
pending, heard = {}, {}

def drop(conn):
    selector.unregister(conn)
    conn.close()
    del pending[conn], heard[conn]

while True:
    for key, _ in selector.select(0.1 if heard else None):
        conn = key.fileobj
        try:
            if conn is listener:
                conn, _ = listener.accept()
                conn.setblocking(False)
                selector.register(conn, selectors.EVENT_READ)
                pending[conn] = b""
            elif pending[conn]:
                pending[conn] = pending[conn][conn.send(pending[conn]):]
            else:
                data = conn.recv(4096)
                if not data:
                    drop(conn)
                    continue
                pending[conn] = data
            heard[conn] = time.monotonic()
            selector.modify(conn, selectors.EVENT_WRITE if pending[conn] else selectors.EVENT_READ)
        except BlockingIOError:
            pass
        except OSError:
            if conn is not listener:
                drop(conn)
    for conn in [conn for conn, at in heard.items() if time.monotonic() - at > limit]:
        drop(conn)
