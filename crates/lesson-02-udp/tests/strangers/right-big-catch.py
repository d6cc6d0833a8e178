# Tries every line and catches the error; its status says that one was not sent. Right: another cure than a limit.
import errno, socket, sys

server = (sys.argv[1], int(sys.argv[2]))
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.settimeout(5)
failed = False
for line in sys.stdin:
    try:
        s.sendto(line.rstrip("\n").encode(), server)
    except OSError as error:
        if error.errno != errno.EMSGSIZE:
            raise
        print(error, file=sys.stderr)
        failed = True
        continue
    sender = None
    while sender != server:
        data, sender = s.recvfrom(65535)
    print(data.decode(), flush=True)
sys.exit(failed)
