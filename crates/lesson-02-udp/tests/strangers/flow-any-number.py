# Sends a piece and waits for some datagram, again after 0.2 seconds. Half a cure: a number that comes twice passes for that
# of the next piece, which may have been lost.
import socket, sys

server = (sys.argv[1], int(sys.argv[2]))
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.settimeout(0.2)
for number in range(int(input())):
    for _ in range(100):
        s.sendto(number.to_bytes(4, "big") + b"x" * 8188, server)
        try:
            s.recv(2048)
            break
        except socket.timeout:
            pass
    else:
        sys.exit(f"piece {number} was not acknowledged")
