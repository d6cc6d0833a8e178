# Menu, threads; the wrong fix: at an error of a new connection the listener is made anew, and whoever waited is reset.
import socket, sys, threading, time
def menu(conn):
    try:
        with conn:
            conn.sendall("我是多线程".encode())
            while True:
                data = conn.recv(1024)
                if not data or data == b"exit":
                    return
                conn.sendall(("您输入的是0" if data == b"0" else "请重新输入.").encode())
    except OSError as error:
        print(error, file=sys.stderr)
while True:
    with socket.create_server((sys.argv[1], int(sys.argv[2]))) as listener:
        while True:
            try:
                conn, _ = listener.accept()
            except OSError:
                time.sleep(0.1)
                continue
            try:
                print(conn.getpeername(), "connected", flush=True)
            except OSError as error:
                print("listening again:", error, file=sys.stderr)
                break
            threading.Thread(target=menu, args=(conn,), daemon=True).start()
