# Wrong: not the password is compared but its SHA-256. The hash is the password now, and it is the same every time.
import hashlib
import os

from login_wire import Refused, echo, key, one_by_one, read, same

HASH = hashlib.sha256(key()).digest()


def talk(conn):
    conn.sendall(os.urandom(32))
    if not same(HASH, read(conn, 32)):
        raise Refused("a wrong password")
    echo(conn)


one_by_one(talk)
