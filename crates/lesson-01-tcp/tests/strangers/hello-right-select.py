# Right: a non-blocking connect: EINPROGRESS is no error, writable is no success, SO_ERROR tells.
import errno, os, select, socket, sys

sock = socket.socket()
sock.setblocking(False)
code = sock.connect_ex((sys.argv[1], int(sys.argv[2])))
if code == errno.EINPROGRESS:
    _, writable, _ = select.select([], [sock], [], 2)
    if not writable:
        sys.exit("cannot connect: no answer within 2 seconds")
    code = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
if code:
    sys.exit(f"cannot connect: {os.strerror(code)}")
print("connected", flush=True)
sock.settimeout(2)
sock.sendall(b"hello")
answer = b""
while len(answer) < 5:
    piece = sock.recv(5 - len(answer))
    if not piece:
        sys.exit("the server has closed")
    answer += piece
print(answer.decode())
