"""A server of the upper-case echo, one client at a time.

    login_server.py FOLDER_OF_KEYS
"""

import hmac
import pathlib
import secrets
import socket
import sys

from login_client import (
    IDENTITY_MAXIMUM,
    REFUSAL,
    SERVICE,
    Channel,
    Keys,
    LoginError,
    expect,
    opening,
    split_name,
    write_frame,
)


def let_in(connection, keys_of_clients):
    """Who has logged in, and the channel."""
    stream = connection.makefile("rb")
    m1 = opening(1, SERVICE)
    write_frame(connection, m1)
    try:
        m2 = expect(stream, 2)
        identity, tag = split_name(m2, IDENTITY_MAXIMUM, 32)
        # Nobody has a random key: an unknown identity takes the same way as a wrong key.
        keys = Keys(keys_of_clients.get(identity, secrets.token_bytes(32)), m1, m2[:-32])
        if not hmac.compare_digest(tag, keys.client_tag()):
            raise LoginError(f"{identity!r} did not prove that it has a key")
    except LoginError:
        write_frame(connection, REFUSAL)
        connection.shutdown(socket.SHUT_WR)
        stream.read(256)
        raise
    write_frame(connection, b"SBF1\x03" + keys.server_tag())
    return identity, Channel(connection, stream, keys.key(b"server to client"), keys.key(b"client to server"))


def serve(connection, keys_of_clients):
    identity, channel = let_in(connection, keys_of_clients)
    count = 0
    while (payload := channel.receive()) is not None:
        channel.send(payload.upper())
        count += len(payload)
    channel.finish()
    channel.nothing_more()
    print(f"{identity.decode()} had {count} bytes answered", flush=True)


def main():
    files = pathlib.Path(sys.argv[1]).glob("*.key")
    keys_of_clients = {file.stem.encode(): bytes.fromhex(file.read_text().strip()) for file in files}
    with socket.create_server(("127.0.0.1", 0)) as listener:
        host, port = listener.getsockname()
        print(f"listening on {host}:{port}", flush=True)
        while True:
            connection, _ = listener.accept()
            with connection:
                connection.settimeout(10)
                try:
                    serve(connection, keys_of_clients)
                except (LoginError, OSError) as error:
                    print(f"closed: {error}", flush=True)


main()
