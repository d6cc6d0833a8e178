# Says hello once, with a timeout. Half a cure: it ends with an error, but never meets the server.
import socket, sys

server = (sys.argv[1], int(sys.argv[2]))
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.settimeout(0.5)
s.sendto(b"hello", server)
print(s.recvfrom(1024)[0].decode())
