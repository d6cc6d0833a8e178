# Menu, threads with small stacks; the mistake: there is room for more of them, and still no limit: the next one is too much.
import socket, sys, threading
threading.stack_size(64 * 1024)
def menu(conn):
    with conn:
        conn.sendall("我是多线程".encode())
        while True:
            data = conn.recv(1024)
            if not data or data == b"exit":
                return
            conn.sendall(("您输入的是0" if data == b"0" else "请重新输入.").encode())
listener = socket.create_server((sys.argv[1], int(sys.argv[2])), backlog=128)
while True:
    conn, _ = listener.accept()
    threading.Thread(target=menu, args=(conn,)).start()
