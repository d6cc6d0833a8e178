"""A client of the upper-case echo: it logs in, sends the lines of its standard input and prints what comes back.

    login_client.py HOST PORT IDENTITY KEYFILE
"""

import hashlib
import hmac
import secrets
import socket
import struct
import sys

SERVICE = b"upper-case echo"
REFUSAL = b"SBF1\x15"
PIECE = 1024
LOGIN_MAXIMUM = 256
SERVICE_MAXIMUM = 32
IDENTITY_MAXIMUM = 64
RECORD_MAXIMUM = 1 + 16384 + 32
DATA, END = 0, 1


class LoginError(Exception):
    pass


def mac(key, *parts):
    return hmac.digest(key, b"".join(parts), "sha256")


def read_frame(stream, maximum):
    """The payload of the next frame; None where the stream ends between two frames."""
    header = stream.read(4)
    if not header:
        return None
    if len(header) == 4:
        (length,) = struct.unpack("!I", header)
        if length > maximum:
            raise LoginError(f"a length of {length}: the other side does not speak the login")
        payload = stream.read(length)
        if len(payload) == length:
            return payload
    raise LoginError("the stream was cut off")


def write_frame(connection, payload):
    connection.sendall(struct.pack("!I", len(payload)) + payload)


class Keys:
    """What both sides compute from the key, from M1 and from M2 without its tag."""

    def __init__(self, key, m1, m2):
        self.p = mac(b"SBF1 HKDF-SHA256", key)
        lengths = [struct.pack("!I", len(message)) for message in (m1, m2)]
        self.h = hashlib.sha256(lengths[0] + m1 + lengths[1] + m2).digest()

    def key(self, label):
        return mac(self.p, label, b"\x00", self.h, b"\x01")

    def client_tag(self):
        return mac(self.key(b"client finished"), self.h)

    def server_tag(self):
        return mac(self.key(b"server finished"), self.h, self.client_tag())


def record_tag(key, number, kind, payload):
    return mac(key, struct.pack("!QIB", number, 1 + len(payload) + 32, kind), payload)


def opening(kind, name):
    """M1, or M2 without its tag."""
    return b"SBF1" + bytes([kind, len(name)]) + name + secrets.token_bytes(32)


def split_name(message, longest, tag_size):
    """The name in M1 or M2, and the tag behind the random bytes."""
    size = message[5] if len(message) > 5 else 0
    if not 1 <= size <= longest or len(message) != 6 + size + 32 + tag_size:
        raise LoginError("a message has a wrong length")
    return message[6 : 6 + size], message[6 + size + 32 :]


def expect(stream, kind):
    """The message of the login that has this number."""
    message = read_frame(stream, LOGIN_MAXIMUM)
    if message is None:
        raise LoginError("the other side closed before the login was done")
    if message == REFUSAL:
        if kind == 1:
            raise LoginError("the server is full, or someone on the path says so: try again later")
        raise LoginError("the server refused the login, or someone on the path says so")
    if message[:5] != b"SBF1" + bytes([kind]):
        raise LoginError("the other side does not speak the login")
    return message


class Channel:
    """A connection that is logged in."""

    def __init__(self, connection, stream, key_out, key_in):
        self.connection, self.stream = connection, stream
        self.key_out, self.key_in = key_out, key_in
        self.sent = self.received = 0

    def send(self, payload, kind=DATA):
        tag = record_tag(self.key_out, self.sent, kind, payload)
        write_frame(self.connection, bytes([kind]) + payload + tag)
        self.sent += 1

    def receive(self):
        """The payload of the next record; None at the end of the other side."""
        body = read_frame(self.stream, RECORD_MAXIMUM)
        if body is None:
            raise LoginError("the stream was cut off before its end")
        if len(body) < 1 + 32:
            raise LoginError("a record is too short")
        kind, payload, tag = body[0], body[1:-32], body[-32:]
        if not hmac.compare_digest(tag, record_tag(self.key_in, self.received, kind, payload)):
            raise LoginError("a record was changed on the way")
        self.received += 1
        if kind == DATA:
            return payload
        if kind == END and not payload:
            return None
        raise LoginError("a record has a type that there is not")

    def finish(self):
        self.send(b"", END)
        self.connection.shutdown(socket.SHUT_WR)

    def nothing_more(self):
        """Behind the end of the other side the stream ends too."""
        if self.stream.read(1):
            raise LoginError("there are bytes behind the end")


def log_in(connection, identity, key):
    stream = connection.makefile("rb")
    m1 = expect(stream, 1)
    service, _ = split_name(m1, SERVICE_MAXIMUM, 0)
    if service != SERVICE:
        raise LoginError(f"the server offers {service!r}, another service")
    m2 = opening(2, identity)
    keys = Keys(key, m1, m2)
    write_frame(connection, m2 + keys.client_tag())
    m3 = expect(stream, 3)
    if not hmac.compare_digest(m3[5:], keys.server_tag()):
        raise LoginError("the server did not prove that it has the key")
    return Channel(connection, stream, keys.key(b"client to server"), keys.key(b"server to client"))


def ask(channel, piece):
    channel.send(piece)
    answer = b""
    while len(answer) < len(piece):
        payload = channel.receive()
        if payload is None:
            raise LoginError("the server ended instead of answering")
        answer += payload
    return answer


def main():
    host, port, identity, key_file = sys.argv[1:]
    with open(key_file) as file:
        key = bytes.fromhex(file.read().strip())
    if len(key) != 32 or not 1 <= len(identity.encode()) <= IDENTITY_MAXIMUM:
        raise LoginError("a key has 64 hexadecimal digits, an identity 1 to 64 bytes")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        channel = log_in(connection, identity.encode(), key)
        for line in sys.stdin.buffer:
            line = line.rstrip(b"\r\n")
            for begin in range(0, len(line), PIECE):
                sys.stdout.buffer.write(ask(channel, line[begin : begin + PIECE]))
            sys.stdout.buffer.write(b"\n")
            sys.stdout.buffer.flush()
        channel.finish()
        while (payload := channel.receive()) is not None:
            if payload:
                raise LoginError("the server sent more than it was asked")
        channel.nothing_more()


if __name__ == "__main__":
    try:
        main()
    except (LoginError, OSError, ValueError) as error:
        sys.exit(f"error: {error}")
