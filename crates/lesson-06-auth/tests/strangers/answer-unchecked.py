# Wrong: it sends a challenge and reads 32 bytes, and never looks at them.
import os

from login_wire import echo, one_by_one, read


def talk(conn):
    conn.sendall(os.urandom(32))
    read(conn, 32)
    echo(conn)


one_by_one(talk)
