# Menu by lines; the mistake: no loop around accept: one client is served, and then nobody is any more.
import signal, socket, sys
listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
conn, _ = listener.accept()
with conn, conn.makefile("rb") as lines:
    conn.sendall("我是多线程".encode())
    for line in lines:
        if line == b"exit\n":
            break
        conn.sendall(("您输入的是0" if line == b"0\n" else "请重新输入.").encode())
signal.pause()
