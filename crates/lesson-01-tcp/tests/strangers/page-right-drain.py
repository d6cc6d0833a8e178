# Right: answers, ends its direction, and reads what the client still sends before it closes; with a limit and a deadline.
import socket, sys, time

listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = listener.accept()
    with conn:
        conn.settimeout(30)
        try:
            word = b""
            while len(word) < 4:
                piece = conn.recv(4 - len(word))
                if not piece:
                    raise EOFError("no request")
                word += piece
            conn.sendall(b"page" * 25_000)
            conn.shutdown(socket.SHUT_WR)
            end, drained = time.monotonic() + 30, 0
            while drained < 1 << 20 and time.monotonic() < end:
                piece = conn.recv(4096)
                if not piece:
                    break
                drained += len(piece)
        except (OSError, EOFError) as error:
            print("connection closed:", error, file=sys.stderr)
