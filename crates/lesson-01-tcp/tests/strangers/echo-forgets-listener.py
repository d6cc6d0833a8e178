# Mistake: after the first accept select looks at the connection only: the next client stays in the queue.
import select, socket, sys

listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
watched = [listener]
while True:
    readable, _, _ = select.select(watched, [], [])
    for sock in readable:
        if sock is listener:
            conn, _ = listener.accept()
            watched = [conn]
            continue
        data = sock.recv(1024)
        if data:
            sock.sendall(data)
        else:
            watched.remove(sock)
            sock.close()
