# Mistake: sends again and again while there is no room. With a third argument it sleeps so many seconds first, which is right.
import socket, sys, threading, time

page = memoryview(b"page" * (8 * 1024 * 1024))


def serve(conn):
    with conn:
        conn.setblocking(False)
        position = 0
        while position < len(page):
            try:
                position += conn.send(page[position:])
            except BlockingIOError:
                if len(sys.argv) > 3:
                    time.sleep(float(sys.argv[3]))
            except OSError as error:
                print("connection closed:", error, file=sys.stderr)
                return


listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
