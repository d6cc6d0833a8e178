# Mistake: the bytes of one text, whatever is typed.
import socket, sys

sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
sock.sendall(b"\xca\xfd\xbe\xdd")
sock.shutdown(socket.SHUT_WR)
sock.recv(1024)
