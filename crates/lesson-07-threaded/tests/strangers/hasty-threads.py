# Menu, threads; the mistake: a client that says nothing for half a second is thrown out, though nobody waits for it.
import socket, sys, threading
def menu(conn):
    with conn:
        conn.settimeout(0.5)
        try:
            conn.sendall("我是多线程".encode())
            while True:
                data = conn.recv(1024)
                if not data or data == b"exit":
                    return
                conn.sendall(("您输入的是0" if data == b"0" else "请重新输入.").encode())
        except OSError as error:
            print(error, file=sys.stderr)
listener = socket.create_server((sys.argv[1], int(sys.argv[2])), backlog=128)
while True:
    conn, _ = listener.accept()
    threading.Thread(target=menu, args=(conn,), daemon=True).start()
