# Menu, threads; half a fix: after the first error of accept the server calls itself full, and nothing ever changes that.
import socket, sys, threading, time
full = False
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
    try:
        conn, _ = listener.accept()
    except OSError as error:
        print(error, file=sys.stderr)
        full = True
        time.sleep(0.2)
        continue
    if full:
        with conn:
            conn.sendall(b"server full, try again later\n")
        continue
    threading.Thread(target=menu, args=(conn,), daemon=True).start()
