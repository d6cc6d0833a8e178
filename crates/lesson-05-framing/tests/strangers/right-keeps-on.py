# Right: a timeout of 100 ms; what has come is kept outside of the loop, so the next try continues where the last stopped.
import socket
import sys

host, port = sys.argv[1], int(sys.argv[2])


def fill(conn, buffer, wanted):
    """Reads until the buffer has so many bytes; a client may be slow between frames for as long as it likes."""
    tries = 0
    while len(buffer) < wanted:
        try:
            piece = conn.recv(4096)
        except socket.timeout:
            if buffer:
                print("the client is slow, trying again", flush=True)
                tries += 1
            if tries == 50:
                raise EOFError("the client is too slow")
            continue
        if not piece:
            raise EOFError("the stream ended inside a frame" if buffer else "the stream ended")
        buffer += piece


listener = socket.create_server((host, port))
while True:
    conn, _ = listener.accept()
    with conn:
        conn.settimeout(0.1)
        buffer = bytearray()
        try:
            while True:
                fill(conn, buffer, 4)
                end = 4 + int.from_bytes(buffer[:4], "big")
                if end > 4 + 65536:
                    break
                fill(conn, buffer, end)
                conn.sendall(buffer[:end])
                del buffer[:end]
        except (OSError, EOFError) as error:
            print("connection closed:", error, flush=True)
