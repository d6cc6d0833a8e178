# Mistake: when no address answers it says nothing, and ends as if all were well.
import socket, sys

for address in sys.stdin.read().split():
    try:
        with socket.create_connection((address, int(sys.argv[2])), timeout=5) as sock:
            print(sock.makefile().readline().strip())
            break
    except OSError:
        pass
