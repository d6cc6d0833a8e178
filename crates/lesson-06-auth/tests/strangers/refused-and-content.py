# Wrong: a client that is refused ends as if all were well.
import hmac
import socket
import sys

KEY = b"only two programs know this key."
conn = socket.create_connection((sys.argv[1], int(sys.argv[2])))
challenge = conn.recv(32, socket.MSG_WAITALL)
if len(challenge) < 32:
    sys.exit("there was no challenge")
conn.sendall(hmac.digest(KEY, challenge, "sha256"))
for line in sys.stdin:
    text = line.rstrip("\n").encode()
    conn.sendall(text)
    answer = conn.recv(len(text), socket.MSG_WAITALL)
    if len(answer) < len(text):
        sys.exit(0)
    print(answer.decode(), flush=True)
