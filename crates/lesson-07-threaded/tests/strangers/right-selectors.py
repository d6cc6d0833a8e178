# Menu in one event loop, right: no read while an answer waits, and the listener rests after an error until one leaves.
import selectors, socket, sys
MOST = 200
ANSWERS = {b"0": "您输入的是0".encode()}
select = selectors.DefaultSelector()
listener = socket.create_server((sys.argv[1], int(sys.argv[2])), backlog=128)
listener.setblocking(False)
waiting = {}  # bytes that a client has not taken yet
def listen(on):
    registered = listener in select.get_map()
    if on and not registered:
        select.register(listener, selectors.EVENT_READ)
    elif registered and not on:
        select.unregister(listener)
def leave(conn):
    select.unregister(conn)
    conn.close()
    del waiting[conn]
    listen(True)
def push(conn, data):
    waiting[conn] += data
    try:
        del waiting[conn][:conn.send(waiting[conn])]
    except BlockingIOError:
        pass
    select.modify(conn, selectors.EVENT_WRITE if waiting[conn] else selectors.EVENT_READ)
listen(True)
while True:
    ready = select.select(1)
    if not ready:
        listen(True)
    for key, events in ready:
        conn = key.fileobj
        try:
            if conn is listener:
                try:
                    conn, _ = listener.accept()
                except BlockingIOError:
                    continue
                except OSError as error:
                    print("not accepted:", error, file=sys.stderr)
                    listen(False)
                    continue
                conn.setblocking(False)
                if len(waiting) >= MOST:
                    conn.send(b"server full, try again later\n")
                    conn.close()
                    continue
                waiting[conn] = bytearray()
                select.register(conn, selectors.EVENT_READ)
                push(conn, "我是多线程".encode())
            elif events & selectors.EVENT_WRITE:
                push(conn, b"")
            else:
                data = conn.recv(1024)
                if not data or data == b"exit":
                    leave(conn)
                else:
                    push(conn, ANSWERS.get(data, "请重新输入.".encode()))
        except BlockingIOError:
            pass
        except OSError:
            if conn in waiting:
                leave(conn)
            else:
                conn.close()
