# Reads GBK and answers in UTF-8. Right: what is no text is told, and the server goes on.
import socket, sys

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind((sys.argv[1], int(sys.argv[2])))
while True:
    data, sender = s.recvfrom(65535)
    try:
        text = data.decode("gbk")
    except UnicodeDecodeError as error:
        print(sender, error, file=sys.stderr)
        continue
    s.sendto(text.encode(), sender)
