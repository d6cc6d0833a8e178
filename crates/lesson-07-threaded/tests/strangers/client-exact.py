# Menu client, right: a loop around recv until the text has all its bytes.
import socket, sys
def receive(sock, length):
    text = b""
    while len(text) < length:
        piece = sock.recv(length - len(text))
        if not piece:
            raise EOFError("the server ended within a text")
        text += piece
    return text.decode()
with socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=60) as sock:
    greeted = False
    for line in sys.stdin:
        word = line.rstrip("\n")
        if not word:
            continue
        sock.sendall(word.encode())
        if not greeted:
            print("greeting:", receive(sock, 15), flush=True)
            greeted = True
        if word == "exit":
            break
        print("answer:", receive(sock, 16), flush=True)
