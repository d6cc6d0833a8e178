# Menu, a process for each client; the mistake: the parent waits for the child, against zombies, and is serial.
import os, socket, sys
listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = listener.accept()
    with conn:
        pid = os.fork()
        if pid == 0:
            conn.sendall("我是多线程".encode())
            while True:
                data = conn.recv(1024)
                if not data or data == b"exit":
                    os._exit(0)
                conn.sendall(("您输入的是0" if data == b"0" else "请重新输入.").encode())
    os.waitpid(pid, 0)
