# Menu, threads; the mistake: the greeting is sent with the first answer, and the client waits for it before it asks.
import socket, sys, threading
def menu(conn):
    with conn:
        greeting = "我是多线程"
        while True:
            data = conn.recv(1024)
            if not data or data == b"exit":
                return
            conn.sendall((greeting + ("您输入的是0" if data == b"0" else "请重新输入.")).encode())
            greeting = ""
listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = listener.accept()
    threading.Thread(target=menu, args=(conn,), daemon=True).start()
