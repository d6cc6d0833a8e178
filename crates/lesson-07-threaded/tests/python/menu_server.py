"""A server of the menu in lines, one client: python3 menu_server.py. Says `listening on ADDR` first."""

import socket

with socket.create_server(("127.0.0.1", 0)) as listener:
    print("listening on %s:%d" % listener.getsockname(), flush=True)
    sock, _ = listener.accept()
    with sock, sock.makefile("rb") as lines:
        sock.sendall("我是多线程".encode())
        for line in lines:
            if line == b"exit\n":
                break
            sock.sendall(("您输入的是0" if line == b"0\n" else "请重新输入.").encode())
