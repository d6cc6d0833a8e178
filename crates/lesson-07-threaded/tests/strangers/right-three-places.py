# Menu, right: three places, as many as the chapter's program has; the place is given back in a finally.
import socket, sys, threading, time
places = threading.BoundedSemaphore(3)
def menu(conn):
    try:
        with conn:
            conn.sendall("我是多线程".encode())
            while True:
                data = conn.recv(1024)
                if not data or data == b"exit":
                    return
                conn.sendall(("您输入的是0" if data == b"0" else "请重新输入.").encode())
    except OSError:
        pass
    finally:
        places.release()
listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    try:
        conn, _ = listener.accept()
    except OSError:
        time.sleep(0.1)
        continue
    if places.acquire(blocking=False):
        threading.Thread(target=menu, args=(conn,), daemon=True).start()
    else:
        with conn:
            try:
                conn.sendall(b"server full, try again later\n")
            except OSError:
                pass
