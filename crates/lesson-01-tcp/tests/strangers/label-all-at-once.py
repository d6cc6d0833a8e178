# Mistake: does not wait for its answers: a thread prints what comes, and the lines go out at once and run together.
import socket, sys, threading

sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))

def show():
    while data := sock.recv(1024):
        print(data.decode(), flush=True)

reader = threading.Thread(target=show)
reader.start()
for line in sys.stdin:
    if line.strip():
        sock.sendall(line.strip().encode())
sock.shutdown(socket.SHUT_WR)
reader.join()
