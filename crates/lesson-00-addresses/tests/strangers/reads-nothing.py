# Mistake: connects to the right address, and closes without reading the greeting.
import socket, sys

for address in sys.stdin.read().split():
    try:
        socket.create_connection((address, int(sys.argv[2])), timeout=5).close()
        break
    except OSError as error:
        print(address, error)
else:
    sys.exit(1)
