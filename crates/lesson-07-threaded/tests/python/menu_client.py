"""A client of the menu: python3 menu_client.py HOST PORT, lines on standard input.

Each line is one send() without its newline, and its answer one recv(): nothing in what the two say shows where a command
ends, so a pause does.
"""

import socket
import sys

with socket.create_connection((sys.argv[1], int(sys.argv[2]))) as sock:
    print(sock.recv(1024).decode())
    for line in sys.stdin:
        sock.sendall(line.rstrip("\n").encode())
        answer = sock.recv(1024)
        if not answer:
            print("the end")
            break
        print(answer.decode())
