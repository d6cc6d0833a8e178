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
PIECE = 1024
LOGIN_MAXIMUM = 256
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
            raise LoginError(f"a length of {length}: this server does not speak the login")
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


def expect(stream, kind):
    """The message of the login that has this number, without its first five bytes."""
    message = read_frame(stream, LOGIN_MAXIMUM)
    if message is None:
        raise LoginError("the server closed before the login was done")
    if message == b"SBF1\x15":
        raise LoginError("the server refused the login, or someone on the path says so")
    if message[:5] != b"SBF1" + bytes([kind]):
        raise LoginError("this server does not speak the login")
    return message[5:], message


class Channel:
    """A connection that is logged in."""

    def __init__(self, connection, identity, key):
        self.connection = connection
        self.stream = connection.makefile("rb")
        body, m1 = expect(self.stream, 1)
        if len(body) < 1 or not 1 <= body[0] <= 32 or len(body) != 1 + body[0] + 32:
            raise LoginError("M1 has a wrong length")
        service = body[1 : 1 + body[0]]
        if service != SERVICE:
            raise LoginError(f"the server offers {service!r}, another service")
        m2 = b"SBF1\x02" + bytes([len(identity)]) + identity + secrets.token_bytes(32)
        keys = Keys(key, m1, m2)
        write_frame(connection, m2 + keys.client_tag())
        tag, _ = expect(self.stream, 3)
        if not hmac.compare_digest(tag, keys.server_tag()):
            raise LoginError("the server did not prove that it has the key")
        self.key_out, self.key_in = keys.key(b"client to server"), keys.key(b"server to client")
        self.sent = self.received = 0

    def send(self, payload, kind=DATA):
        tag = record_tag(self.key_out, self.sent, kind, payload)
        write_frame(self.connection, bytes([kind]) + payload + tag)
        self.sent += 1

    def receive(self):
        """The payload of the next record; None at the server's end."""
        body = read_frame(self.stream, RECORD_MAXIMUM)
        if body is None:
            raise LoginError("the stream was cut off before the server's end")
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
        """Sends the end; then nothing may come but the server's, and then the end of the stream."""
        self.send(b"", END)
        self.connection.shutdown(socket.SHUT_WR)
        while (payload := self.receive()) is not None:
            if payload:
                raise LoginError("the server sent more than it was asked")
        if self.stream.read(1):
            raise LoginError("there are bytes behind the server's end")


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
    if len(key) != 32:
        raise LoginError("a key has 64 hexadecimal digits")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        channel = Channel(connection, identity.encode(), key)
        for line in sys.stdin.buffer:
            line = line.rstrip(b"\r\n")
            for begin in range(0, len(line), PIECE):
                sys.stdout.buffer.write(ask(channel, line[begin : begin + PIECE]))
            sys.stdout.buffer.write(b"\n")
            sys.stdout.buffer.flush()
        channel.finish()


if __name__ == "__main__":
    try:
        main()
    except (LoginError, OSError, ValueError) as error:
        sys.exit(f"error: {error}")
