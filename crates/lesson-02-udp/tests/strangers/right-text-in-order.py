# A server that keeps a text: what comes too early waits in a heap for the numbers before it. Right: another cure than
# to sort at the end.
import heapq
import socket, sys

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind((sys.argv[1], int(sys.argv[2])))
clients = {}
while True:
    data, sender = s.recvfrom(65535)
    text, early, seen = clients.setdefault(sender, ([], [], set()))
    if data == b"all":
        # what still waits is behind a gap: it belongs to the end
        s.sendto(b" ".join(text + [line for _, line in sorted(early)]), sender)
        continue
    number, blank, line = data.partition(b" ")
    if not blank or not number.isdigit() or int(number) in seen:
        continue
    seen.add(int(number))
    heapq.heappush(early, (int(number), line))
    while early and early[0][0] == len(text) + 1:
        text.append(heapq.heappop(early)[1])
