# Menu in one event loop; half a fix: after an error of accept it sleeps and tries again, and serves nobody meanwhile.
import selectors, socket, sys, time
select = selectors.DefaultSelector()
listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
select.register(listener, selectors.EVENT_READ)
def accept():
    while True:
        try:
            return listener.accept()[0]
        except OSError as error:
            print(error, file=sys.stderr)
            time.sleep(0.2)
while True:
    for key, _ in select.select():
        conn = key.fileobj
        try:
            if conn is listener:
                conn = accept()
                select.register(conn, selectors.EVENT_READ)
                conn.sendall("我是多线程".encode())
                continue
            data = conn.recv(1024)
            if data and data != b"exit":
                conn.sendall(("您输入的是0" if data == b"0" else "请重新输入.").encode())
                continue
        except OSError as error:
            print(error, file=sys.stderr)
        select.unregister(conn)
        conn.close()
