# Mistake: sends the length before the backup, which this wire does not have: the last bytes are never taken.
import socket, struct, sys, threading

SIZE = 64 * 1024 * 1024
sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))

def send():
    sock.sendall(struct.pack("!Q", SIZE))
    sock.sendall(b"c" * SIZE)

sender = threading.Thread(target=send)
sender.start()
taken = 0
while taken < SIZE:
    piece = sock.recv(min(1 << 16, SIZE - taken))
    if not piece:
        sys.exit("cut off")
    taken += len(piece)
sender.join()
print("the exchange is complete")
