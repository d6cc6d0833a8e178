# Wrong: the text that goes back looks the same and has other bytes.
import socket
import sys

host, port = sys.argv[1], int(sys.argv[2])
listener = socket.create_server((host, port))
while True:
    conn, _ = listener.accept()
    try:
        with conn, conn.makefile("rb") as file:
            while len(header := file.read(4)) == 4:
                length = int.from_bytes(header, "big")
                if length > 65536 or len(data := file.read(length)) < length:
                    break
                text = __import__("unicodedata").normalize("NFC", data.decode("utf-8"))
                conn.sendall(len(text.encode()).to_bytes(4, "big") + text.encode())
    except OSError as error:
        print(error)
