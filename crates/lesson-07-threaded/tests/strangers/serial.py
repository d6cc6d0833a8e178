# Menu, one client after the other: wrong where several are to be served at once, right elsewhere.
import socket, sys
listener = socket.create_server((sys.argv[1], int(sys.argv[2])), backlog=128)
while True:
    conn, _ = listener.accept()
    try:
        with conn:
            conn.settimeout(60)
            conn.sendall("我是多线程".encode())
            while True:
                data = conn.recv(1024)
                if not data or data == b"exit":
                    break
                conn.sendall(("您输入的是0" if data == b"0" else "请重新输入.").encode())
    except OSError as error:
        print(error, file=sys.stderr)
