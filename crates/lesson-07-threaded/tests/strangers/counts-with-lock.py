# Menu, threads, right: `with lock` around the count alone, text that is none is replaced, and an error ends one client.
import socket, sys, threading, time
lock, count = threading.Lock(), 0
def menu(conn):
    global count
    try:
        with conn:
            conn.settimeout(60)
            conn.sendall("我是多线程".encode())
            while True:
                word = conn.recv(1024).decode(errors="replace")
                if word in ("", "exit"):
                    return
                with lock:
                    count += 1
                conn.sendall(("您输入的是0" if word == "0" else "请重新输入.").encode())
    except Exception as error:
        print(repr(error), file=sys.stderr)
listener = socket.create_server((sys.argv[1], int(sys.argv[2])), backlog=128)
while True:
    try:
        conn, _ = listener.accept()
        threading.Thread(target=menu, args=(conn,), daemon=True).start()
    except (OSError, RuntimeError) as error:
        print(error, file=sys.stderr)
        time.sleep(0.1)
