# Menu by lines, threads; half a fix: it collects until the buffer ends with a newline, and lets whole lines wait.
import socket, sys, threading
def menu(conn):
    with conn:
        conn.sendall("我是多线程".encode())
        while True:
            text = b""
            while not text.endswith(b"\n"):
                data = conn.recv(1024)
                if not data:
                    return
                text += data
            for word in text.splitlines():
                if word == b"exit":
                    return
                conn.sendall(("您输入的是0" if word == b"0" else "请重新输入.").encode())
listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = listener.accept()
    threading.Thread(target=menu, args=(conn,), daemon=True).start()
