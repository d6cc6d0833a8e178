# Right: orders with tags; the first wrong one is answered, and ends the connection.
from login_wire import KEYS, Refused, finish, one_by_one, read, same, tag


def talk(conn):
    while size := conn.recv(1):
        order, got = read(conn, size[0]), read(conn, 32)
        if not same(tag(KEYS["shared"], order), got):
            conn.sendall(b"refused\n")
            finish(conn)
            raise Refused("a wrong tag")
        conn.sendall(b"done\n")


one_by_one(talk)
