"""A client of multiprocessing.connection: sends a text to whoever has proved that it has the key, prints the answer.

    connection_client.py HOST PORT TEXT
"""

import sys
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client

KEY = b"thirty-two bytes of a shared key"


def main():
    host, port, text = sys.argv[1:]
    try:
        with Client((host, int(port)), authkey=KEY) as connection:
            connection.send_bytes(text.encode())
            print(connection.recv_bytes().decode())
    except AuthenticationError as error:
        sys.exit(f"error: {error}")
    except (EOFError, OSError):
        sys.exit("error: the connection was closed")


main()
