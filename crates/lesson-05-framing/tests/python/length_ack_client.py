"""Client of `serve length-ack --broken`: each line of standard input is a command, the results go to standard output.

Answer: the length in decimal digits, which nothing ends; the client says recv_ready; then so many bytes.
"""

import socket
import sys


def main():
    with socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=30) as connection:
        for line in sys.stdin:
            connection.sendall(line.strip().encode())
            length = int(connection.recv(1024))
            connection.sendall(b"recv_ready")
            result = b""
            while len(result) < length:
                piece = connection.recv(length - len(result))
                if not piece:
                    sys.exit(f"the end came after {len(result)} of {length} bytes")
                result += piece
            print(result.decode())


main()
