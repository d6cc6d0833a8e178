# Menu by lines, threads; the mistake: a new makefile for each line, and what the last one had buffered is lost.
import socket, sys, threading
def menu(conn):
    with conn:
        conn.sendall("我是多线程".encode())
        while True:
            with conn.makefile("rb") as lines:
                word = lines.readline(1024)
            if not word or word == b"exit\n":
                return
            conn.sendall(("您输入的是0" if word == b"0\n" else "请重新输入.").encode())
listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = listener.accept()
    threading.Thread(target=menu, args=(conn,), daemon=True).start()
