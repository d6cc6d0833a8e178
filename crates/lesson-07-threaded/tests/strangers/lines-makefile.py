# Menu by lines, threads, right: one makefile for the whole conversation, with the longest line as its limit.
import socket, sys, threading, time
def menu(conn):
    try:
        with conn, conn.makefile("rb") as lines:
            conn.settimeout(60)
            conn.sendall("我是多线程".encode())
            while True:
                line = lines.readline(1024)
                word = line.rstrip(b"\r\n")
                if not line.endswith(b"\n") or word == b"exit":
                    return
                conn.sendall(("您输入的是0" if word == b"0" else "请重新输入.").encode())
    except OSError as error:
        print(error, file=sys.stderr)
listener = socket.create_server((sys.argv[1], int(sys.argv[2])), backlog=128)
while True:
    try:
        conn, _ = listener.accept()
        threading.Thread(target=menu, args=(conn,), daemon=True).start()
    except (OSError, RuntimeError) as error:
        print(error, file=sys.stderr)
        time.sleep(0.1)
