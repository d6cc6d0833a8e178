# Menu, threads; the mistake: bind without SO_REUSEADDR, so the session of the killed server keeps the port.
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
listener.listen(128)
while True:
    conn, _ = listener.accept()
    threading.Thread(target=menu, args=(conn,), daemon=True).start()
