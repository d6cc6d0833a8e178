# Menu, threads; the wrong fix: three places, and whoever comes too much gets that of the client that is there longest.
import socket, sys, threading
lock, inside = threading.Lock(), []
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
        with lock:
            if conn in inside:
                inside.remove(conn)
listener = socket.create_server((sys.argv[1], int(sys.argv[2])), backlog=128)
threads = []
while True:
    conn, _ = listener.accept()
    oldest = None
    with lock:
        if len(inside) >= 3:
            oldest, old_thread = inside[0], threads[0]
    if oldest:
        oldest.shutdown(socket.SHUT_RDWR)
        old_thread.join()
    threads = [thread for thread in threads if thread.is_alive()]
    thread = threading.Thread(target=menu, args=(conn,), daemon=True)
    try:
        thread.start()
    except RuntimeError:
        conn.sendall(b"server full, try again later\n")
        conn.close()
        continue
    inside.append(conn)
    threads.append(thread)
