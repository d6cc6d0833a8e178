# Right: another cure: an alarm of the process interrupts whatever call waits, connect too.
import signal, socket, sys

def over(signum, frame):
    raise TimeoutError("no connection and no answer within 2 seconds")

signal.signal(signal.SIGALRM, over)
signal.alarm(2)
try:
    with socket.create_connection((sys.argv[1], int(sys.argv[2]))) as sock:
        sock.sendall(b"hello")
        print(sock.recv(5, socket.MSG_WAITALL).decode())
except OSError as error:
    sys.exit(f"cannot talk to the server: {error}")
