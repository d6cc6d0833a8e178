# Mistake: sleeps between two lines in place of waiting for the answer, which a thread reads and shows.
import socket, sys, threading, time

sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
lines = [line for line in sys.stdin.buffer.read().split(b"\n") if line]

def show():
    answers = sock.makefile("rb")
    for line in lines:
        print(answers.read(6 + len(line)).decode(), flush=True)

reader = threading.Thread(target=show)
reader.start()
for line in lines:
    sock.sendall(line)
    time.sleep(0.2)
reader.join()
