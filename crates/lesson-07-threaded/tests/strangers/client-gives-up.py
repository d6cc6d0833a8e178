# Menu client; the mistake: it waits for the greeting before it sends, for a second, and ends as if all were well.
import socket, sys
sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
sock.settimeout(1)
try:
    print("greeting:", sock.makefile("rb").read(15).decode(), flush=True)
except socket.timeout:
    print("no greeting")
