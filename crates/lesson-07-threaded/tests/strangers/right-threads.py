# Menu, a thread for each client, right: a limit that is said aloud, a pause when accept fails, no thread is no end.
import socket, sys, threading, time
places = threading.BoundedSemaphore(200)
def refuse(conn):
    try:
        conn.settimeout(1)
        conn.sendall(b"server full, try again later\n")
    except OSError:
        pass
    conn.close()
def menu(conn, peer):
    try:
        with conn:
            conn.settimeout(60)
            conn.sendall("我是多线程".encode())
            while True:
                data = conn.recv(1024)
                if not data or data == b"exit":
                    return
                conn.sendall(("您输入的是0" if data == b"0" else "请重新输入.").encode())
    except OSError as error:
        print(peer, error, file=sys.stderr)
    finally:
        places.release()
listener = socket.create_server((sys.argv[1], int(sys.argv[2])), backlog=128)
while True:
    try:
        conn, peer = listener.accept()
    except OSError as error:
        print("not accepted:", error, file=sys.stderr)
        time.sleep(0.1)
        continue
    if not places.acquire(blocking=False):
        refuse(conn)
        continue
    try:
        threading.Thread(target=menu, args=(conn, peer), daemon=True).start()
    except RuntimeError:
        places.release()
        refuse(conn)
