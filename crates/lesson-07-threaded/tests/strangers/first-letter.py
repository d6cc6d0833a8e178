# Menu by bytes; the mistake: 0 is answered and "exit" is searched for in all that came, wherever the lines end.
import socket, sys, threading
def menu(conn):
    with conn:
        conn.sendall("我是多线程".encode())
        seen = b""
        while True:
            data = conn.recv(1024)
            seen += data
            if not data or b"exit" in seen:
                return
            for byte in data:
                if byte == ord("0"):
                    conn.sendall("您输入的是0".encode())
listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = listener.accept()
    threading.Thread(target=menu, args=(conn,), daemon=True).start()
