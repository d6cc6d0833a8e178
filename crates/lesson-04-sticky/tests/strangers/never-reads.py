# Mistake: accepts, and never reads.
import socket, sys, time

srv = socket.create_server((sys.argv[1], int(sys.argv[2])))
kept = []
while True:
    kept.append(srv.accept()[0])
    time.sleep(0.01)
