# Menu, eight children that share the listener. Wrong for a restart: they are in sessions of their own, and keep the address when
# the server is killed. With a third argument they stay in its process group, which is right.
import os, socket, sys
listener = socket.create_server((sys.argv[1], int(sys.argv[2])), backlog=128)
for _ in range(8):
    if os.fork() == 0:
        if len(sys.argv) < 4:
            os.setsid()
        while True:
            conn, _ = listener.accept()
            with conn:
                try:
                    conn.settimeout(60)
                    conn.sendall("我是多线程".encode())
                    while True:
                        data = conn.recv(1024)
                        if not data or data == b"exit":
                            break
                        conn.sendall(("您输入的是0" if data == b"0" else "请重新输入.").encode())
                except OSError as error:
                    print(error, file=sys.stderr)
os.wait()
