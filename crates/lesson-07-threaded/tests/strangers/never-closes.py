# Menu, threads; the mistake: the thread ends at the end of the stream, and the socket stays in a list, open.
import socket, sys, threading
clients = []
def menu(conn):
    conn.sendall("我是多线程".encode())
    while True:
        data = conn.recv(1024)
        if not data or data == b"exit":
            return
        conn.sendall(("您输入的是0" if data == b"0" else "请重新输入.").encode())
listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = listener.accept()
    clients.append(conn)
    threading.Thread(target=menu, args=(conn,), daemon=True).start()
