# Sends each line as soon as it is typed, also before the answer to the one before; connected. Right.
import socket, sys, threading

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.connect((sys.argv[1], int(sys.argv[2])))
lines = threading.Semaphore(0)
ended = threading.Event()
asked = 0


def answers():
    while True:
        lines.acquire()
        if ended.is_set() and answers.count == asked:
            return
        print(s.recv(65535).decode(), flush=True)
        answers.count += 1


answers.count = 0
thread = threading.Thread(target=answers)
thread.start()
for line in sys.stdin:
    s.send(line.rstrip("\n").encode())
    asked += 1
    lines.release()
ended.set()
lines.release()
thread.join()
