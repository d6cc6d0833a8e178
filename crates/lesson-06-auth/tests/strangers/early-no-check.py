# Wrong: the tag is read and not compared.
from login_wire import one_by_one, read


def talk(conn):
    while size := conn.recv(1):
        order, got = read(conn, size[0]), read(conn, 32)
        answer = "done" if got else "refused"
        conn.sendall(answer.encode() + b"\n")


one_by_one(talk)
