# Menu, threads; the mistake: an exception between acquire and release keeps the lock, and everybody waits for it.
import socket, sys, threading
lock, count = threading.Lock(), 0
def menu(conn):
    global count
    with conn:
        conn.sendall("我是多线程".encode())
        while True:
            data = conn.recv(1024)
            if not data:
                return
            lock.acquire()
            word = data.decode()
            count += 1
            lock.release()
            if word == "exit":
                return
            conn.sendall(("您输入的是0" if word == "0" else "请重新输入.").encode())
listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = listener.accept()
    threading.Thread(target=menu, args=(conn,), daemon=True).start()
