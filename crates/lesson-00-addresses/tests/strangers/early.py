# Mistake: decides, and answers, as soon as it knows the first two numbers; the request has not come to its end by then.
import socket, sys

srv = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = srv.accept()
    try:
        with conn, conn.makefile("rb") as stream:
            parts, part = [], b""
            while byte := stream.read(1):
                if byte in b".\n":
                    parts.append(part)
                    part = b""
                    if len(parts) == 2:
                        a, b = map(int, parts)
                        conn.sendall(b"yes\n" if a == 172 and 16 <= b <= 31 else b"no\n")
                    if byte == b"\n":
                        parts.clear()
                else:
                    part += byte
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr, flush=True)
