# Menu by lines, one client after the other, right: a buffer that keeps what follows the newline.
import socket, sys
listener = socket.create_server((sys.argv[1], int(sys.argv[2])), backlog=128)
def words(conn):
    kept = b""
    while True:
        word, newline, rest = kept.partition(b"\n")
        if newline:
            kept = rest
            yield word
            continue
        if len(kept) >= 4096:
            return
        data = conn.recv(512)
        if not data:
            return
        kept += data
while True:
    conn, _ = listener.accept()
    try:
        with conn:
            conn.settimeout(60)
            conn.sendall("我是多线程".encode())
            for word in words(conn):
                if word == b"exit":
                    break
                conn.sendall(("您输入的是0" if word == b"0" else "请重新输入.").encode())
    except OSError as error:
        print(error, file=sys.stderr)
