# Answers `hi` at 127.0.0.1 and 127.0.0.2: a socket and a thread for each address. Right.
import socket, sys, threading


def serve(host):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.bind((host, int(sys.argv[2])))
    while True:
        _, sender = s.recvfrom(65535)
        s.sendto(b"hi", sender)


threading.Thread(target=serve, args=["127.0.0.2"], daemon=True).start()
serve(sys.argv[1])
