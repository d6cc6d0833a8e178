"""Upper case after a login by HMAC, as tutorials have it: serve; connect; connect-without-login; connect-with-another-key."""

import hmac
import os
import socket
import sys

KEY = b"linhaifeng bang bang bang"


def serve():
    listener = socket.create_server(("127.0.0.1", 0), backlog=5)
    print("listening on %s:%d" % listener.getsockname(), flush=True)
    while True:
        connection, _ = listener.accept()
        with connection:
            challenge = os.urandom(32)
            connection.sendall(challenge)
            digest = hmac.new(KEY, challenge, digestmod="sha256").digest()
            if not hmac.compare_digest(digest, connection.recv(len(digest))):
                print("the link is not legitimate", flush=True)
                continue
            while data := connection.recv(1024):
                connection.sendall(data.upper())


def connect(how, host, port):
    with socket.create_connection((host, int(port)), timeout=60) as connection:
        if how != "connect-without-login":
            key = KEY if how == "connect" else KEY + b"1111"
            challenge = connection.recv(32)
            connection.sendall(hmac.new(key, challenge, digestmod="sha256").digest())
        for line in sys.stdin:
            data = line.strip()
            if not data:
                continue
            if data == "quit":
                break
            connection.sendall(data.encode())
            print(connection.recv(1024), flush=True)


if sys.argv[1:]:
    connect(*sys.argv[1:])
else:
    serve()
