# Mistake: datagrams are put together as if they were a stream, and a newline is waited for that never comes.
import socket, sys

sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.bind((sys.argv[1], int(sys.argv[2])))
kept = b""
while True:
    data, sender = sock.recvfrom(65535)
    *messages, kept = (kept + data).split(b"\n")
    for message in messages:
        sock.sendto(b"-----> " + message, sender)
