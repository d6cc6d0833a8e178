# Wrong: everybody is asked to log in, and nobody can.
from login_wire import finish, one_by_one


def talk(conn):
    conn.sendall(b"please log in first\n")
    finish(conn)


one_by_one(talk)
