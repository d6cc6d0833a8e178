# Menu, threads; the mistake: int() of what came, with the lock held: the first word that is no number keeps it.
import socket, sys, threading
lock, count = threading.Lock(), 0
def menu(conn):
    global count
    with conn:
        conn.sendall("我是多线程".encode())
        while True:
            data = conn.recv(1024)
            if not data or data == b"exit":
                return
            lock.acquire()
            number = int(data.decode(errors="replace").replace("\ufffd", "9"))
            count += 1
            lock.release()
            conn.sendall(("您输入的是0" if number == 0 else "请重新输入.").encode())
listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = listener.accept()
    threading.Thread(target=menu, args=(conn,), daemon=True).start()
