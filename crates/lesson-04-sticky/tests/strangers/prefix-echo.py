# Mistake: a stream editor: begins a line with the arrow and passes bytes on at once, before the message is whole.
import socket, sys

srv = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = srv.accept()
    with conn:
        fresh = True
        try:
            while data := conn.recv(4096):
                answer = b""
                for byte in data:
                    if fresh:
                        answer += b"-----> "
                    answer += bytes([byte])
                    fresh = byte == 10
                conn.sendall(answer)
        except OSError as error:
            print(error, file=sys.stderr, flush=True)
