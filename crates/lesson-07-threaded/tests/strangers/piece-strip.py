# Menu by lines, threads; half a fix: what one recv gives is stripped, and then compared with the words.
import socket, sys, threading
def menu(conn):
    with conn:
        conn.sendall("我是多线程".encode())
        while True:
            data = conn.recv(1024)
            word = data.strip()
            if not data or word == b"exit":
                return
            conn.sendall(("您输入的是0" if word == b"0" else "请重新输入.").encode())
listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = listener.accept()
    threading.Thread(target=menu, args=(conn,), daemon=True).start()
