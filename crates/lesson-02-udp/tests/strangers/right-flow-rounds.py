# Sends everything, collects the numbers that come back, and sends in the next round what is missing, until nothing is.
# Right: wasteful, but every piece arrives.
import socket, struct, sys

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.connect((sys.argv[1], int(sys.argv[2])))
s.settimeout(0.3)
missing = set(range(int(input())))
for _ in range(500):
    for number in sorted(missing):
        s.send(struct.pack(">I", number) + b"-" * 8188)
    try:
        while missing:
            missing.discard(struct.unpack(">I", s.recv(4))[0])
    except socket.timeout:
        pass
    if not missing:
        sys.exit(0)
sys.exit(f"{len(missing)} pieces were not acknowledged")
