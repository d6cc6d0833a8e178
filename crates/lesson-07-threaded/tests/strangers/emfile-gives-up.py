# Menu, threads; half a fix: an error of accept ends the loop, and the process lives on for the clients that are in.
import socket, sys, threading
def menu(conn):
    with conn:
        conn.sendall("我是多线程".encode())
        while True:
            data = conn.recv(1024)
            if not data or data == b"exit":
                return
            conn.sendall(("您输入的是0" if data == b"0" else "请重新输入.").encode())
listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
try:
    while True:
        conn, _ = listener.accept()
        threading.Thread(target=menu, args=(conn,), daemon=True).start()
except OSError as error:
    print(error, file=sys.stderr)
threading.Event().wait()
