# Menu, threads; the mistake: after a command that is no text the whole address is banned, and whoever else comes from it.
import socket, sys, threading
banned = set()
def menu(conn, peer):
    with conn:
        if peer[0] in banned:
            return
        conn.sendall("我是多线程".encode())
        while True:
            data = conn.recv(1024)
            if not data or data == b"exit":
                return
            try:
                word = data.decode()
            except UnicodeDecodeError:
                banned.add(peer[0])
                return
            conn.sendall(("您输入的是0" if word == "0" else "请重新输入.").encode())
listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    threading.Thread(target=menu, args=listener.accept(), daemon=True).start()
