# Receives at every address and answers always from 127.0.0.2. Half a cure: who asked 127.0.0.1 gets no answer of his.
import select, socket, sys

PORT = int(sys.argv[2])
out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
out.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
out.bind(("127.0.0.2", PORT))
every = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
every.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
every.bind(("", PORT))
while True:
    for s in select.select([every, out], [], [])[0]:
        _, sender = s.recvfrom(65535)
        out.sendto(b"hi", sender)
