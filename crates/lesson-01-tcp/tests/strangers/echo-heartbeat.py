# Mistake: serial echo without a deadline, while an unrelated thread wakes ten times a second.
import socket, sys, threading, time

def beat():
    while True:
        time.sleep(0.1)

threading.Thread(target=beat, daemon=True).start()
listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = listener.accept()
    while data := conn.recv(1024):
        conn.sendall(data)
    conn.close()
