# Right, with makefile; its start takes processor time, as the imports of large libraries do.
import socket, sys, time

end = time.process_time() + float(sys.argv[3])
while time.process_time() < end:
    pass
sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
answers = sock.makefile("rb")
for line in sys.stdin:
    line = line.rstrip("\n").encode()
    if not line:
        continue
    sock.sendall(line)
    answer = answers.read(6 + len(line))
    if len(answer) < 6 + len(line):
        sys.exit("the server has closed")
    print(answer.decode(), flush=True)
