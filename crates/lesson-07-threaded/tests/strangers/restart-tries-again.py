# Menu, threads; the wrong fix: bind is tried again every second, and the server is away for a minute.
import socket, sys, threading, time
def menu(conn):
    with conn:
        conn.sendall("我是多线程".encode())
        while True:
            data = conn.recv(1024)
            if not data or data == b"exit":
                return
            conn.sendall(("您输入的是0" if data == b"0" else "请重新输入.").encode())
listener = socket.socket()
while True:
    try:
        listener.bind((sys.argv[1], int(sys.argv[2])))
        break
    except OSError:
        time.sleep(1)
listener.listen(128)
while True:
    conn, _ = listener.accept()
    threading.Thread(target=menu, args=(conn,), daemon=True).start()
