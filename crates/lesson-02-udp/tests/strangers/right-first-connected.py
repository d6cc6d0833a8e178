# Says hello again, connected: when the kernel says that nobody has the port, it waits for 0.2 seconds. Right.
import socket, sys, time

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.connect((sys.argv[1], int(sys.argv[2])))
s.settimeout(0.5)
until = time.monotonic() + 15
while time.monotonic() < until:
    try:
        s.send(b"hello")
        print(s.recv(1024).decode(), flush=True)
        sys.exit(0)
    except ConnectionRefusedError:
        time.sleep(0.2)
    except socket.timeout:
        pass
sys.exit("no answer")
