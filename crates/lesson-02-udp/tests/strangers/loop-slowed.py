# Waits 300 ms before each answer. Half a cure: the loop is slow and has no end.
import socket, sys, time

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind((sys.argv[1], int(sys.argv[2])))
while True:
    data, sender = s.recvfrom(65535)
    time.sleep(0.3)
    s.sendto(b"[echo] " + data, sender)
