# Wrong: a helpful message says which byte is wrong.
from login_wire import KEYS, one_by_one, read, tag


def talk(conn):
    while size := conn.recv(1):
        order, got = read(conn, size[0]), read(conn, 32)
        right = tag(KEYS["shared"], order)
        wrong = [at for at in range(32) if right[at] != got[at]]
        answer = f"refused: byte {wrong[0]} of the tag is wrong" if wrong else "done"
        conn.sendall(answer.encode() + b"\n")


one_by_one(talk)
