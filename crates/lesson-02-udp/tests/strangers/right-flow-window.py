# Has at most four pieces under way, and sends again those that are not acknowledged after 0.3 seconds. Right: another
# cure than one at a time.
import select, socket, struct, sys, time

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.connect((sys.argv[1], int(sys.argv[2])))
count, following, sent = int(input()), 0, {}
last_news = time.monotonic()
while following < count or sent:
    if time.monotonic() - last_news > 20:
        sys.exit("the server does not acknowledge")
    while len(sent) < 4 and following < count:
        sent[following] = 0
        following += 1
    for number, at in sent.items():
        if time.monotonic() - at > 0.3:
            s.send(struct.pack(">I8188x", number))
            sent[number] = time.monotonic()
    while select.select([s], [], [], 0.05 if sent else 0)[0]:
        data = s.recv(2048)
        if len(data) == 4 and sent.pop(int.from_bytes(data, "big"), None) is not None:
            last_news = time.monotonic()
            break
