"""What the programs of this folder share: keys and tags, reading, and both sides of every wire of the lesson.

A wire is a generator that knows nothing of sockets: it yields a number and is given as many bytes, yields ANY and is
given a piece (none at the end of the stream), yields bytes, which are to be sent, and yields IN when the login is over.
It raises Refused when the other side has to go. A program that drives one has to raise EOFError into it where the
stream ends inside of a message.
"""

import hmac
import os
import socket
import sys

KEYS = {"only-two": b"only two programs know this key.", "shared": b"thirty-two bytes of a shared key"}
USERS = {b"alice": b"the key that alice was given....", b"bob": b"the key that bob was given......"}
MALLORY = b"the key that mallory was given.."
ANY, ANY_BYTE, IN = "any", "any byte", "in"
same = hmac.compare_digest


class Refused(Exception):
    pass


def address():
    return sys.argv[1], int(sys.argv[2])


def key():
    """The key whose name is the third argument."""
    return KEYS[sys.argv[3]]


def tag(key, *parts):
    return hmac.digest(key, b"".join(parts), "sha256")


def check(right, got):
    if not same(right, got):
        raise Refused("the tag is wrong")


# Blocking programs.


def read(conn, size):
    """As many bytes, however they are cut."""
    data = bytearray()
    while len(data) < size:
        piece = conn.recv(min(size - len(data), 65536))
        if not piece:
            raise EOFError("the stream was cut off")
        data += piece
    return bytes(data)


def echo(conn):
    """Whatever comes goes back in upper case, until the end."""
    while data := conn.recv(1024):
        conn.sendall(data.upper())


def finish(conn):
    """Ends the stream, and takes what still comes for a moment: a close with unread bytes is a reset, which may destroy
    what was said last."""
    try:
        conn.shutdown(socket.SHUT_WR)
        conn.settimeout(0.2)
        for _ in range(64):
            if not conn.recv(1024):
                break
    except OSError:
        pass


def one_by_one(talk):
    """Serves one client after the other."""
    with socket.create_server(address()) as listener:
        while True:
            conn, _ = listener.accept()
            with conn:
                conn.settimeout(20)
                try:
                    talk(conn)
                except (Refused, EOFError, OSError) as error:
                    print("connection closed:", error, file=sys.stderr)


def drive(conn, wire, logged_in=lambda: None):
    """Runs one side of a wire over a blocking connection and gives what it returns."""
    asked = next(wire)
    while True:
        try:
            if asked is IN:
                answer = logged_in()
            elif asked in (ANY, ANY_BYTE):
                answer = conn.recv(1024 if asked is ANY else 1)
            elif isinstance(asked, bytes):
                answer = conn.sendall(asked)
            else:
                answer = read(conn, asked)
        except EOFError as error:
            wire.throw(error)
            raise
        try:
            asked = wire.send(answer)
        except StopIteration as end:
            return end.value


# The servers' sides.


def echo_wire():
    yield IN
    while data := (yield ANY):
        yield data.upper()


def plain(key):
    """32 random bytes, the tag of them, and then text."""
    challenge = os.urandom(32)
    yield challenge
    check(tag(key, challenge), (yield 32))
    yield from echo_wire()


def short_tag():
    challenge = os.urandom(32)
    yield challenge
    size = (yield 1)[0]
    check(tag(KEYS["shared"], challenge), (yield size) if size else b"")
    yield from echo_wire()


def field():
    size = (yield 1)[0]
    return (yield size) if size else b""


def early_compare():
    """Orders with tags; a line for each of them."""
    yield IN
    while first := (yield ANY_BYTE):
        order = (yield first[0]) if first[0] else b""
        valid = same(tag(KEYS["shared"], order), (yield 32))
        yield b"done\n" if valid else b"refused\n"


def glued_fields():
    challenge = os.urandom(32)
    yield challenge
    account = yield from field()
    amount = yield from field()
    right = tag(KEYS["shared"], challenge, bytes([len(account)]), account, bytes([len(amount)]), amount)
    check(right, (yield 32))
    yield b"paid " + amount + b" to " + account + b"\n"


def big_before_login():
    challenge = os.urandom(32)
    yield challenge
    if int.from_bytes((yield 4), "big") != 32:
        raise Refused("this is no digest")
    check(tag(KEYS["shared"], challenge), (yield 32))
    yield IN
    while first := (yield ANY_BYTE):
        size = int.from_bytes(first + (yield 3), "big")
        if size > 16 * 1024 * 1024:
            raise Refused("this text is too long")
        text = (yield size) if size else b""
        yield size.to_bytes(4, "big") + text.upper()


def telling_errors():
    challenge = os.urandom(32)
    yield challenge
    name = yield from field()
    got = yield 32
    if not same(tag(USERS.get(name, os.urandom(32)), challenge), got):
        yield b"refused\n"
        raise Refused(f"{name!r} has not proved that it has a key")
    yield b"welcome\n"
    yield from echo_wire()


def record_tag(challenge, way, counter, payload):
    return tag(KEYS["only-two"], challenge, way, counter.to_bytes(8, "big"), payload)


def record(challenge, way, counter, payload):
    return bytes([len(payload)]) + payload + record_tag(challenge, way, counter, payload)


def after_login():
    challenge = os.urandom(32)
    yield challenge
    check(tag(KEYS["only-two"], challenge), (yield 32))
    yield IN
    counter = 0
    while first := (yield ANY_BYTE):
        payload = (yield first[0]) if first[0] else b""
        check(record_tag(challenge, b"to server", counter, payload), (yield 32))
        yield record(challenge, b"to client", counter, payload.upper())
        counter += 1


def wrong_key():
    challenge = os.urandom(32)
    yield challenge
    if not same(tag(KEYS["shared"], challenge), (yield 32)):
        yield b"-"
        raise Refused("a wrong key")
    yield b"+"
    yield from echo_wire()


def no_scheme():
    yield b"please log in: ? gets you a challenge\n"
    if (yield 1) != b"?":
        raise Refused("a client of the old service")
    yield from plain(KEYS["shared"])


def lost_ending():
    challenge = os.urandom(32)
    yield challenge
    check(tag(KEYS["only-two"], challenge), (yield 32))
    yield IN
    order, counter = b"", 0
    while True:
        payload = yield from field()
        check(record_tag(challenge, b"to server", counter, payload), (yield 32))
        if not payload:
            break
        order, counter = order + payload, counter + 1
        if len(order) > 255:
            raise Refused("this order is too long")
    yield record(challenge, b"to client", 0, order.upper())


def server(name):
    """The server's side of a wire; a plain one has the name of its key."""
    return plain(KEYS[name]) if name in KEYS else globals()[name.replace("-", "_")]()


# The clients' sides: a login, and after it every line of text goes out and comes back in upper case.


def password_in_clear():
    yield tag(KEYS["only-two"], (yield 32))


def reflection():
    ours = os.urandom(32)
    theirs = yield 32
    yield ours + tag(KEYS["shared"], b"client", theirs, ours)
    check(tag(KEYS["shared"], b"server", theirs, ours), (yield 32))


def one_key_for_all(key=USERS[b"alice"]):
    hello = b"A" + os.urandom(32)
    nonce = yield 32
    yield hello + tag(key, b"client", nonce, hello)
    check(tag(key, b"server", nonce, hello), (yield 32))


def order(line):
    """Orders a payment: account, blank, amount. Gives what the server says."""
    challenge = yield 32
    fields = b"".join(bytes([len(part)]) + part for part in line.encode().split(b" ", 1))
    yield fields + tag(KEYS["shared"], challenge, fields)
    answer = b""
    while not answer.endswith(b"\n"):
        piece = yield ANY
        if not piece:
            raise EOFError("the server has refused the order")
        answer += piece
    return answer.decode().rstrip("\n")


def client(name):
    return globals()[name.replace("-", "_")]()


def lines_of_text(conn):
    """Each line of the input goes out, and what comes back is printed."""
    for line in sys.stdin:
        text = line.rstrip("\n").encode()
        conn.sendall(text)
        print(read(conn, len(text)).decode(), flush=True)
