# Wrong: whatever line came, and if none did, is printed, and all is well.
import hmac
import socket
import sys

KEY = b"thirty-two bytes of a shared key"
for line in sys.stdin:
    with socket.create_connection((sys.argv[1], int(sys.argv[2]))) as conn, conn.makefile("rwb") as stream:
        challenge = stream.read(32)
        order = b"".join(bytes([len(word)]) + word for word in line.encode().split())
        stream.write(order + hmac.digest(KEY, challenge + order, "sha256"))
        stream.flush()
        print(stream.readline().decode().rstrip(), flush=True)
