# Mistake: the server of many tutorials: one recv, one answer, close.
import socket, sys

srv = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, addr = srv.accept()
    data = conn.recv(1024)
    text = data.decode().strip()
    print("got", text, "from", addr, flush=True)
    conn.sendall(f"-----> {text}\n".encode())
    conn.close()
