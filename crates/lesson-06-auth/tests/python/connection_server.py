"""A server of multiprocessing.connection: what a client with the key sends comes back in upper case."""

from multiprocessing import AuthenticationError
from multiprocessing.connection import Listener

KEY = b"thirty-two bytes of a shared key"


def main():
    with Listener(("127.0.0.1", 0), authkey=KEY) as listener:
        host, port = listener.address
        print(f"listening on {host}:{port}", flush=True)
        while True:
            try:
                with listener.accept() as connection:
                    connection.send_bytes(connection.recv_bytes(1024).upper())
            except (AuthenticationError, EOFError, OSError) as error:
                print(f"not served: {error}", flush=True)


main()
