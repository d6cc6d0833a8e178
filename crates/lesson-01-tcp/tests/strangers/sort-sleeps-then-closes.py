# Mistake: it never reads at all: it waits a moment, so that the server "has time", and closes.
import socket, sys, time

sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
sock.sendall(sys.stdin.buffer.read())
sock.shutdown(socket.SHUT_WR)
time.sleep(0.2)
sock.close()
