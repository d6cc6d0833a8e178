# Menu by lines, one client after the other, wrong: splitlines() also ends a line at \r, \f and six other characters.
import socket, sys
listener = socket.create_server((sys.argv[1], int(sys.argv[2])), backlog=128)
def words(conn):
    kept = b""
    while len(kept) < 4096:
        data = conn.recv(512)
        if not data:
            return
        kept += data
        end = kept.rfind(b"\n") + 1
        whole, kept = kept[:end], kept[end:]
        yield from whole.decode(errors="replace").splitlines()
while True:
    conn, _ = listener.accept()
    try:
        with conn:
            conn.settimeout(60)
            conn.sendall("我是多线程".encode())
            for word in words(conn):
                if word == "exit":
                    break
                conn.sendall(("您输入的是0" if word == "0" else "请重新输入.").encode())
    except OSError as error:
        print(error, file=sys.stderr)
