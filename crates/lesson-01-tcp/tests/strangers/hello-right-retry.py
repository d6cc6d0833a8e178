# Right: three tries, each with a deadline, then it gives up and says why.
import socket, sys, time

for attempt in range(3):
    try:
        sock = socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=0.8)
        break
    except OSError as error:
        reason = error
        time.sleep(0.2)
else:
    sys.exit(f"gave up after three tries: {reason}")
with sock, sock.makefile("rwb") as file:
    file.write(b"hello")
    file.flush()
    answer = file.read(5)
if len(answer) < 5:
    sys.exit("the server has closed")
print(answer.decode())
