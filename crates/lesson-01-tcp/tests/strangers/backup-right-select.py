# Right: one thread, select: it sends when there is room and reads when there is something.
import select, socket, sys

SIZE = 64 * 1024 * 1024
mine, sent, taken = memoryview(b"c" * SIZE), 0, 0
sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
sock.setblocking(False)
while sent < SIZE or taken < SIZE:
    readable, writable, _ = select.select([sock] if taken < SIZE else [], [sock] if sent < SIZE else [], [])
    if readable:
        piece = sock.recv(1 << 16)
        if not piece:
            sys.exit("the backup of the server is cut off")
        taken += len(piece)
    if writable:
        sent += sock.send(mine[sent:sent + (1 << 16)])
print("the exchange is complete")
