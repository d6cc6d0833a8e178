# Answers `hi` at every address of this host with one socket: the kernel says which address was asked (IP_PKTINFO), and
# the answer goes out from there. Right on Linux.
import socket, struct, sys

IP_PKTINFO = getattr(socket, "IP_PKTINFO", 8)
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.setsockopt(socket.IPPROTO_IP, IP_PKTINFO, 1)
s.bind(("0.0.0.0", int(sys.argv[2])))
while True:
    _, notes, _, sender = s.recvmsg(65535, socket.CMSG_SPACE(12))
    asked = [note[4:8] for level, kind, note in notes if (level, kind) == (socket.IPPROTO_IP, IP_PKTINFO)]
    source = struct.pack("=i4s4s", 0, asked[0], b"\0" * 4)
    try:
        s.sendmsg([b"hi"], [(socket.IPPROTO_IP, IP_PKTINFO, source)], 0, sender)
    except OSError as error:
        print(sender, error, file=sys.stderr)
