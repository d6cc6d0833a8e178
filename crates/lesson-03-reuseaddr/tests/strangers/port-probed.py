# Mistake: calls a port free when nobody answers there, which says nothing of the next moment.
import random, socket, sys, threading

while True:
    port = random.randint(20_000, 30_000)
    with socket.socket() as probe:
        if probe.connect_ex((sys.argv[1], port)) != 0:
            break
print(f"my server will be at {sys.argv[1]}:{port}", flush=True)
sys.stdin.readline()
try:
    srv = socket.create_server((sys.argv[1], port))
except OSError as error:
    sys.exit(f"the port was free a moment ago: {error}")


def serve():
    conn, _ = srv.accept()
    conn.recv(6, socket.MSG_WAITALL)
    conn.sendall(b"hi")
    conn.close()


threading.Thread(target=serve).start()
with socket.create_connection((sys.argv[1], port)) as sock:
    sock.sendall(b"hello!")
    print(sock.recv(2, socket.MSG_WAITALL).decode(), flush=True)
