# Right: another cure: an empty line ends the conversation.
import socket, sys

sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
for line in iter(lambda: sys.stdin.readline().rstrip("\n"), ""):
    message = line.encode()
    sock.sendall(message)
    missing = 6 + len(message)
    while missing:
        piece = sock.recv(missing)
        if not piece:
            sys.exit("the server has closed")
        missing -= len(piece)
        sys.stdout.buffer.write(piece)
    print(flush=True)
sock.close()
