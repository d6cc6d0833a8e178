# Mistake: takes what one recv gives for the whole hello. "keeps": lets the client close first; "numbers": counts its clients;
# "helper": starts a process that goes on.
import socket, subprocess, sys

role = sys.argv[3] if len(sys.argv) > 3 else ""
srv = socket.create_server((sys.argv[1], int(sys.argv[2])))
if role == "helper":
    subprocess.Popen(["sleep", "60"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
number = 0
while True:
    conn, _ = srv.accept()
    with conn:
        try:
            if conn.recv(1024) != b"hello!":
                continue
            number += 1
            conn.sendall(b"hi %d" % number if role == "numbers" else b"hi")
            while role == "keeps" and conn.recv(1024):
                pass
        except OSError as error:
            print(error, file=sys.stderr, flush=True)
