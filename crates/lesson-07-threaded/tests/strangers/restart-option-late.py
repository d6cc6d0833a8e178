# Menu, threads; the mistake: SO_REUSEADDR is set after bind, which is too late.
import socket, sys, threading
def menu(conn):
    with conn:
        conn.sendall("我是多线程".encode())
        while True:
            data = conn.recv(1024)
            if not data or data == b"exit":
                return
            conn.sendall(("您输入的是0" if data == b"0" else "请重新输入.").encode())
listener = socket.socket()
listener.bind((sys.argv[1], int(sys.argv[2])))
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.listen(128)
while True:
    conn, _ = listener.accept()
    threading.Thread(target=menu, args=(conn,), daemon=True).start()
