# Mistake: non-blocking connect: writable is taken for connected, SO_ERROR is not asked. The error comes from send.
import errno, select, socket, sys

sock = socket.socket()
sock.setblocking(False)
sock.connect_ex((sys.argv[1], int(sys.argv[2])))
if not select.select([], [sock], [], 2)[1]:
    sys.exit("no answer within 2 seconds")
print("connected", flush=True)
sock.setblocking(True)
sock.sendall(b"hello")
print(sock.recv(5).decode())
