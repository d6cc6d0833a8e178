# Wrong: everybody is refused, the client with the right key too.
import os

from login_wire import Refused, one_by_one, read


def talk(conn):
    challenge = os.urandom(32)
    conn.sendall(challenge)
    read(conn, 32)
    conn.sendall(b"-")
    raise Refused("a wrong key")


one_by_one(talk)
