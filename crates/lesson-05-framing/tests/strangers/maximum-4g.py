# Wrong: there is a maximum, and it is far too high: 4 GiB less one.
import socket
import sys

host, port = sys.argv[1], int(sys.argv[2])
listener = socket.create_server((host, port))
while True:
    conn, _ = listener.accept()
    with conn:
        try:
            while len(header := conn.recv(4, socket.MSG_WAITALL)) == 4:
                length = int.from_bytes(header, "big")
                if length >= 0xFFFFFFFF:
                    break
                payload = conn.recv(length, socket.MSG_WAITALL) if length else b""
                if len(payload) < length:
                    break
                conn.sendall(header + payload)
        except (OSError, MemoryError) as error:
            print(type(error).__name__)
