# Menu, right: a process for each client, as Unix servers always did; the parent keeps no descriptor of theirs.
import os, signal, socket, sys, time
MOST = 100
children = set()
def bury():
    while children:
        try:
            pid, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            children.clear()
            return
        if pid == 0:
            return
        children.discard(pid)
def menu(conn):
    conn.settimeout(60)
    conn.sendall("我是多线程".encode())
    while True:
        data = conn.recv(1024)
        if not data or data == b"exit":
            return
        conn.sendall(("您输入的是0" if data == b"0" else "请重新输入.").encode())
listener = socket.create_server((sys.argv[1], int(sys.argv[2])), backlog=128)
while True:
    try:
        conn, _ = listener.accept()
        bury()
        with conn:
            pid = None
            if len(children) < MOST:
                try:
                    pid = os.fork()
                except OSError:
                    pass
            if pid is None:
                conn.sendall(b"server full, try again later\n")
            elif pid == 0:
                listener.close()
                try:
                    menu(conn)
                    conn.close()
                finally:
                    os._exit(0)
            else:
                children.add(pid)
    except OSError as error:
        print(error, file=sys.stderr)
        time.sleep(0.1)
