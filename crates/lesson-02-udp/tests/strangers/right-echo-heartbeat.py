# An echo server with a second thread that wakes ten times a second, as a program with a heartbeat or statistics does. Right.
import socket, sys, threading, time

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind((sys.argv[1], int(sys.argv[2])))
served, seen = 0, []


def beat():
    while True:
        time.sleep(0.1)
        seen.append(served)
        del seen[:-10]


threading.Thread(target=beat, daemon=True).start()
while True:
    data, sender = s.recvfrom(65535)
    served += 1
    s.sendto(data, sender)
