# Menu, threads; the mistake: one client's bad command is taken for a failure of the server, and all conversations are closed.
import socket, sys, threading
clients = set()
def menu(conn):
    with conn:
        clients.add(conn)
        conn.sendall("我是多线程".encode())
        while True:
            data = conn.recv(1024)
            if not data or data == b"exit":
                clients.discard(conn)
                return
            try:
                word = data.decode()
            except UnicodeDecodeError as error:
                print("closing all:", error, file=sys.stderr)
                for other in list(clients):
                    other.shutdown(socket.SHUT_RDWR)
                clients.clear()
                return
            conn.sendall(("您输入的是0" if word == "0" else "请重新输入.").encode())
listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = listener.accept()
    threading.Thread(target=menu, args=(conn,), daemon=True).start()
