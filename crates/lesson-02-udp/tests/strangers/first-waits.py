# Says hello once and waits. Wrong: nobody was there to hear it.
import socket, sys

server = (sys.argv[1], int(sys.argv[2]))
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.sendto(b"hello", server)
print(s.recvfrom(1024)[0].decode())
