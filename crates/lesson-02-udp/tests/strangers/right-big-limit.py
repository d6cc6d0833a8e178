# Sends lines of up to 1200 bytes, says which are longer, and goes on. Right.
import socket, sys

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.connect((sys.argv[1], int(sys.argv[2])))
s.settimeout(5)
for line in sys.stdin:
    data = line.rstrip("\n").encode()
    if len(data) > 1200:
        print(f"not sent: {len(data)} bytes", file=sys.stderr)
        continue
    s.send(data)
    print(s.recv(65535).decode(), flush=True)
