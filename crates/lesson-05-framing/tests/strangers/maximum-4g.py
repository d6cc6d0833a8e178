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
                payload = memoryview(bytearray(length))
                got = 0
                while got < length:
                    more = conn.recv_into(payload[got:])
                    if more == 0:
                        raise EOFError
                    got += more
                conn.sendall(header)
                conn.sendall(payload)
        except (OSError, EOFError, MemoryError) as error:
            print(type(error).__name__)
