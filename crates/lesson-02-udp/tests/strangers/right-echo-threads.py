# An echo server: four threads that all receive from the same socket. Right.
import socket, sys, threading

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind((sys.argv[1], int(sys.argv[2])))


def work():
    while True:
        data, sender = s.recvfrom(65535)
        try:
            s.sendto(data, sender)
        except OSError as error:
            print(sender, error, file=sys.stderr)


for _ in range(4):
    threading.Thread(target=work).start()
