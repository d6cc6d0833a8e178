# Menu in one event loop; the mistake: decode() is not guarded, so one stranger ends the loop, and the server, for all.
import selectors, socket, sys
select = selectors.DefaultSelector()
listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
select.register(listener, selectors.EVENT_READ)
while True:
    for key, _ in select.select():
        conn = key.fileobj
        if conn is listener:
            conn, _ = listener.accept()
            select.register(conn, selectors.EVENT_READ)
            conn.sendall("我是多线程".encode())
            continue
        word = conn.recv(1024).decode()
        if word in ("", "exit"):
            select.unregister(conn)
            conn.close()
        else:
            conn.sendall(("您输入的是0" if word == "0" else "请重新输入.").encode())
