# Menu; the mistake: a thread greets everybody at once, and one thread alone answers, a client at a time.
import queue, socket, sys, threading
work = queue.Queue()
def answer():
    while True:
        conn = work.get()
        with conn:
            while True:
                data = conn.recv(1024)
                if not data or data == b"exit":
                    break
                conn.sendall(("您输入的是0" if data == b"0" else "请重新输入.").encode())
threading.Thread(target=answer, daemon=True).start()
listener = socket.create_server((sys.argv[1], int(sys.argv[2])), backlog=128)
while True:
    conn, _ = listener.accept()
    conn.sendall("我是多线程".encode())
    work.put(conn)
