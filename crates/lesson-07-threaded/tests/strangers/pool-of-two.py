# Menu; the mistake: a pool of two workers with one connection for each job, so two silent clients stop it.
import socket, sys
from concurrent.futures import ThreadPoolExecutor
def menu(conn):
    with conn:
        conn.sendall("我是多线程".encode())
        while True:
            data = conn.recv(1024)
            if not data or data == b"exit":
                return
            conn.sendall(("您输入的是0" if data == b"0" else "请重新输入.").encode())
listener = socket.create_server((sys.argv[1], int(sys.argv[2])), backlog=128)
with ThreadPoolExecutor(max_workers=2) as pool:
    while True:
        pool.submit(menu, listener.accept()[0])
