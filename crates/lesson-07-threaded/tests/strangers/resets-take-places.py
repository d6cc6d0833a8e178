# Menu; the mistake: ten places, and an error of the connection, such as a reset, takes one away for good.
import socket, sys, threading, time
places = threading.BoundedSemaphore(10)
def menu(conn):
    try:
        with conn:
            conn.sendall("我是多线程".encode())
            while True:
                data = conn.recv(1024)
                if not data or data == b"exit":
                    break
                conn.sendall(("您输入的是0" if data == b"0" else "请重新输入.").encode())
        places.release()
    except OSError:
        pass
listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    try:
        conn, _ = listener.accept()
    except OSError:
        time.sleep(0.1)
        continue
    started = places.acquire(blocking=False)
    try:
        if started:
            threading.Thread(target=menu, args=(conn,), daemon=True).start()
    except RuntimeError:
        places.release()
        started = False
    if not started:
        with conn:
            try:
                conn.sendall(b"server full, try again later\n")
            except OSError:
                pass
