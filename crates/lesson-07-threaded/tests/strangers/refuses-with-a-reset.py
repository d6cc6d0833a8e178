# Menu; half a fix: three places, and whoever comes too much is reset without a word.
import socket, struct, sys, threading
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
    finally:
        places.release()
listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = listener.accept()
    if places.acquire(blocking=False):
        threading.Thread(target=menu, args=(conn,), daemon=True).start()
    else:
        conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        conn.close()
