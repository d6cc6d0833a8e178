# Menu by lines, threads; half a fix: each piece is split at its newlines, and half a line at its end is a command too.
import socket, sys, threading
def menu(conn):
    with conn:
        conn.sendall("我是多线程".encode())
        while True:
            data = conn.recv(1024)
            if not data:
                return
            for word in data.splitlines():
                if word == b"exit":
                    return
                conn.sendall(("您输入的是0" if word == b"0" else "请重新输入.").encode())
listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = listener.accept()
    threading.Thread(target=menu, args=(conn,), daemon=True).start()
