# Wrong: there are two words for no: one for a tag that has nothing right, one for a tag that begins well.
from login_wire import KEYS, one_by_one, read, tag


def talk(conn):
    while size := conn.recv(1):
        order, got = read(conn, size[0]), read(conn, 32)
        right = tag(KEYS["shared"], order)
        if right == got:
            answer = "done"
        else:
            answer = "refused, nearly" if right[:1] == got[:1] else "refused"
        conn.sendall(answer.encode() + b"\n")


one_by_one(talk)
