# Right: one address after the other, until one answers; if none does it says so.
import socket, sys

errors = []
for address in sys.stdin.read().split():
    try:
        with socket.create_connection((address, int(sys.argv[2])), timeout=5) as sock, sock.makefile() as lines:
            print(lines.readline().strip())
            sys.exit(0)
    except OSError as error:
        errors.append(f"{address}: {error}")
sys.exit("no address answers: " + "; ".join(errors))
