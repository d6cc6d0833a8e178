# Mistake: takes all that has come, and sends every answer to whoever sent last.
import select, socket, sys

sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.bind((sys.argv[1], int(sys.argv[2])))
while True:
    messages = []
    while not messages or select.select([sock], [], [], 0.02)[0]:
        message, sender = sock.recvfrom(65535)
        messages.append(message)
    for message in messages:
        sock.sendto(b"-----> " + message, sender)
