# Menu, threads; the mistake: SO_LINGER 0, "so that nothing is left in TIME-WAIT": every conversation ends with a reset.
import socket, struct, sys, threading
def menu(conn):
    with conn:
        conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        conn.sendall("我是多线程".encode())
        while True:
            data = conn.recv(1024)
            if not data or data == b"exit":
                return
            conn.sendall(("您输入的是0" if data == b"0" else "请重新输入.").encode())
listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = listener.accept()
    threading.Thread(target=menu, args=(conn,), daemon=True).start()
