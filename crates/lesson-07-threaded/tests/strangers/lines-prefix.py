# Menu by lines, threads; the mistake: startswith in place of ==, so "00" and "0exit" are answered as 0.
import socket, sys, threading
def menu(conn):
    with conn, conn.makefile("rb") as lines:
        conn.sendall("我是多线程".encode())
        for line in lines:
            if line == b"exit\n":
                return
            conn.sendall(("您输入的是0" if line.startswith(b"0") else "请重新输入.").encode())
listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = listener.accept()
    threading.Thread(target=menu, args=(conn,), daemon=True).start()
