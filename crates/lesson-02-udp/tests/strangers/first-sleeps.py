# Waits for half a second before it says hello, so that the server is there. Half a cure: it is a guess.
import time
import socket, sys

server = (sys.argv[1], int(sys.argv[2]))
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
time.sleep(0.5)
s.sendto(b"hello", server)
print(s.recvfrom(1024)[0].decode())
