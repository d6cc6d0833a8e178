# Mistake: a thread sends, but nobody waits for it: when the server's backup is here the client ends, and its own is cut off.
import os, socket, sys, threading

SIZE = 64 * 1024 * 1024
sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
threading.Thread(target=sock.sendall, args=(b"c" * SIZE,), daemon=True).start()
taken = 0
while taken < SIZE:
    piece = sock.recv(1 << 16)
    if not piece:
        sys.exit("cut off")
    taken += len(piece)
print("the exchange is complete", flush=True)
os._exit(0)
