# Asks again after 1 second, 2 seconds and so on, as RFC 8085 wants it, with select; takes no answer but the server's. Right.
import select, socket, sys, time

server = (sys.argv[1], int(sys.argv[2]))
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for number, line in enumerate(sys.stdin, 1):
    question = b"%d %s" % (number, line.rstrip().encode())
    wait, again, answered = 1.0, time.monotonic(), False
    while not answered:
        if time.monotonic() >= again:
            if wait > 8:
                sys.exit("no answer")
            s.sendto(question, server)
            again, wait = time.monotonic() + wait, wait * 2
        if select.select([s], [], [], max(0, again - time.monotonic()))[0]:
            answered = s.recvfrom(65535) == (question, server)
    print(line.rstrip(), flush=True)
