# Menu; the mistake: three places, and only `exit` gives one back: a client that just closes takes it away for good.
import socket, sys, threading
places = threading.BoundedSemaphore(3)
def menu(conn):
    with conn:
        conn.sendall("我是多线程".encode())
        while True:
            data = conn.recv(1024)
            if not data:
                return
            if data == b"exit":
                break
            conn.sendall(("您输入的是0" if data == b"0" else "请重新输入.").encode())
    places.release()
listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = listener.accept()
    if places.acquire(blocking=False):
        threading.Thread(target=menu, args=(conn,), daemon=True).start()
    else:
        with conn:
            conn.sendall(b"server full, try again later\n")
