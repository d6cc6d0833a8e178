# Menu, threads; the wrong fix: when accept fails, the client that is there longest is closed, so that the next finds room.
import socket, sys, threading, time
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
while True:
    try:
        conn, _ = listener.accept()
    except OSError as error:
        print(error, file=sys.stderr)
        with lock:
            if inside:
                inside.pop(0).shutdown(socket.SHUT_RDWR)
        time.sleep(0.1)
        continue
    with lock:
        inside.append(conn)
    threading.Thread(target=menu, args=(conn,), daemon=True).start()
