# An echo server whose receiving thread ends at `exit`, while the program lives on. Wrong: nobody is served any more.
import socket, sys, threading

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind((sys.argv[1], int(sys.argv[2])))


def serve():
    while True:
        data, sender = s.recvfrom(65535)
        s.sendto(data, sender)
        if data == b"exit":
            return


threading.Thread(target=serve).start()
threading.Event().wait()
