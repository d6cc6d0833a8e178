# Wrong: ten threads, and each client has one as long as it stays.
import socket
import sys
from concurrent.futures import ThreadPoolExecutor


def serve(conn):
    with conn:
        try:
            conn.sendall("我是多线程".encode())
            while text := conn.recv(1024):
                if text == b"exit":
                    break
                conn.sendall(("您输入的是0" if text == b"0" else "请重新输入.").encode())
        except OSError as error:
            print(error, flush=True)


server = socket.create_server((sys.argv[1], int(sys.argv[2])))
with ThreadPoolExecutor(10) as pool:
    while True:
        pool.submit(serve, server.accept()[0])
