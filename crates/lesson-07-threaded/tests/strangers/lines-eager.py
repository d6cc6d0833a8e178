# Menu by bytes, threads; the mistake: a command that can be neither 0 nor exit any more is answered before its newline.
import socket, sys, threading
def menu(conn):
    with conn, conn.makefile("rb") as data:
        conn.sendall("我是多线程".encode())
        word, answered = b"", False
        while byte := data.read(1):
            if byte != b"\n":
                word += byte
                if not answered and not b"0".startswith(word) and not b"exit".startswith(word):
                    conn.sendall("请重新输入.".encode())
                    answered = True
                continue
            if word == b"exit":
                return
            if not answered:
                conn.sendall(("您输入的是0" if word == b"0" else "请重新输入.").encode())
            word, answered = b"", False
listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = listener.accept()
    threading.Thread(target=menu, args=(conn,), daemon=True).start()
