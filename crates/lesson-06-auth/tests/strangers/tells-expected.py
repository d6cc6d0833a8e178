# Wrong: who is refused is told which answer was expected, in the error message.
import os

from login_wire import Refused, echo, key, one_by_one, read, same, tag

KEY = key()


def talk(conn):
    challenge = os.urandom(32)
    conn.sendall(challenge)
    right, answer = tag(KEY, challenge), read(conn, 32)
    if not same(right, answer):
        conn.sendall(f"wrong digest: expected {right.hex()}, got {answer.hex()}\n".encode())
        raise Refused("a wrong answer")
    echo(conn)


one_by_one(talk)
