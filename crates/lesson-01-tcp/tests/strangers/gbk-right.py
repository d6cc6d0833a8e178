# Right: the text is encoded in GBK, a character that GBK does not have is an error.
import socket, sys

with socket.create_connection((sys.argv[1], int(sys.argv[2]))) as sock:
    sock.settimeout(10)
    for line in sys.stdin.buffer.read().decode("utf-8").splitlines():
        sock.sendall(line.encode("gbk"))
    sock.shutdown(socket.SHUT_WR)
    answer = b""
    while piece := sock.recv(1024):
        answer += piece
    if answer:
        print(answer.decode("gbk"))
