# Sends a piece, waits for its number, sends it again after 0.2 seconds. Right.
import socket, sys

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.connect((sys.argv[1], int(sys.argv[2])))
s.settimeout(0.2)
for number in range(int(input())):
    head = number.to_bytes(4, "big")
    for _ in range(100):
        s.send(head + b"x" * 8188)
        try:
            while s.recv(2048) != head:
                pass
            break
        except socket.timeout:
            pass
    else:
        sys.exit(f"piece {number} was not acknowledged")
