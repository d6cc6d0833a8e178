# Wrong: recv(n) asks for a buffer of n bytes, whatever n is.
import socket
import sys

host, port = sys.argv[1], int(sys.argv[2])
listener = socket.create_server((host, port))
while True:
    conn, _ = listener.accept()
    with conn:
        try:
            while len(header := conn.recv(4, socket.MSG_WAITALL)) == 4:
                length, payload = int.from_bytes(header, "big"), b""
                while len(payload) < length:
                    piece = conn.recv(length - len(payload))
                    if not piece:
                        raise EOFError("the stream ended inside a frame")
                    payload += piece
                conn.sendall(header + payload)
        except (OSError, EOFError) as error:
            print(error)
