# A socket for each address, and every answer goes out of the first one. Wrong: the second is only listened to.
import select, socket, sys

first, second = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2))
first.bind((sys.argv[1], int(sys.argv[2])))
second.bind(("127.0.0.2", int(sys.argv[2])))
while True:
    for s in select.select([first, second], [], [])[0]:
        _, sender = s.recvfrom(65535)
        first.sendto(b"hi", sender)
