# Right: a thread reads from the beginning, while the main thread sends line by line.
import socket, sys, threading

sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
answer = []

def take():
    while piece := sock.recv(1024):
        answer.append(piece)

reader = threading.Thread(target=take)
reader.start()
for line in sys.stdin.buffer:
    sock.sendall(line)
sock.shutdown(socket.SHUT_WR)
reader.join()
sys.stdout.buffer.write(b"".join(answer))
