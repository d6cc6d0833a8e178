# Reads every datagram as UTF-8 and leaves out what is none, with a word on its standard error. Wrong: text in GBK is never
# answered.
import socket, sys

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind((sys.argv[1], int(sys.argv[2])))
while True:
    data, sender = s.recvfrom(65535)
    try:
        s.sendto(data.decode().encode(), sender)
    except UnicodeDecodeError as error:
        print(sender, error, file=sys.stderr)
