# Wrong: it asks for the password and compares what comes with it.
from login_wire import Refused, echo, key, one_by_one, read

KEY = key()


def talk(conn):
    conn.sendall(b"password: ")
    if read(conn, 32) != KEY:
        raise Refused("a wrong password")
    echo(conn)


one_by_one(talk)
