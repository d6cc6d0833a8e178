"""A server of the menu that takes one recv() as a command: python3 menu_bare_server.py.

A thread for each client. It says `listening on ADDR` first, and then the bytes of every recv(). Two of its faults are
wanted: a command with a newline is another command, and the end of the stream is answered like one, again and again.
"""

import contextlib
import socket
import threading


def serve(sock):
    with sock, contextlib.suppress(OSError):  # a client that is gone ends its own thread only
        sock.sendall("我是多线程".encode())
        while True:
            piece = sock.recv(1024)
            print(piece, flush=True)
            if piece == b"exit":
                sock.shutdown(socket.SHUT_RDWR)
                return
            sock.sendall(("您输入的是0" if piece == b"0" else "请重新输入.").encode())


with socket.create_server(("127.0.0.1", 0)) as listener:
    print("listening on %s:%d" % listener.getsockname(), flush=True)
    while True:
        threading.Thread(target=serve, args=[listener.accept()[0]], daemon=True).start()
