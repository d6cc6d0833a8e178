# Mistake: a half cure: before each send it looks whether the server has closed, and makes a new connection; what the server does
# after that it never learns.
import select, socket, sys

def connect():
    return socket.create_connection((sys.argv[1], int(sys.argv[2])))

def closed(sock):
    while select.select([sock], [], [], 0)[0]:
        if not sock.recv(1024):
            return True
    return False

sock = connect()
for line in sys.stdin:
    if closed(sock):
        sock.close()
        sock = connect()
    sock.sendall(line.encode())
    print("delivered:", line.strip(), flush=True)
