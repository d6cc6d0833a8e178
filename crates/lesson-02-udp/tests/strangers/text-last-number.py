# A server that keeps a text and takes a line only if its number is larger than the last. Half a cure: nothing comes
# twice, but a line that was overtaken is lost.
import socket, sys

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind((sys.argv[1], int(sys.argv[2])))
texts = {}
while True:
    data, sender = s.recvfrom(65535)
    lines = texts.setdefault(sender, [(0, b"")])
    if data == b"all":
        s.sendto(b" ".join(line for _, line in lines[1:]), sender)
    else:
        number, _, line = data.partition(b" ")
        if int(number) > lines[-1][0]:
            lines.append((int(number), line))
