# Asks again after 0.3, 0.6, 1.2 ... seconds, and goes on waiting when the answer to an earlier question comes. Right.
import socket, sys, time

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.connect((sys.argv[1], int(sys.argv[2])))


def ask(question):
    for attempt in range(5):
        s.send(question)
        until = time.monotonic() + 0.3 * 2**attempt
        while (left := until - time.monotonic()) > 0:
            s.settimeout(left)
            try:
                if s.recv(65535) == question:
                    return
            except socket.timeout:
                break
            except ConnectionRefusedError:
                pass
    sys.exit("no answer")


for number, line in enumerate(sys.stdin, 1):
    question = f"{number} {line.rstrip()}"
    ask(question.encode())
    print(question, flush=True)
