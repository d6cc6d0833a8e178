# Right: one thread sends while the other reads.
import socket, sys, threading

SIZE = 64 * 1024 * 1024
sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
sender = threading.Thread(target=sock.sendall, args=(b"c" * SIZE,))
sender.start()
taken = 0
while taken < SIZE:
    piece = sock.recv(min(1 << 16, SIZE - taken))
    if not piece:
        sys.exit("the backup of the server is cut off")
    taken += len(piece)
sender.join()
print("the exchange is complete")
