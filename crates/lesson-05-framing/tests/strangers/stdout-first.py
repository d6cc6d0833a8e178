# Wrong: reads the standard output to its end, and then the standard error.
import socket
import subprocess
import sys

host, port = sys.argv[1], int(sys.argv[2])
PRINT = "import sys; sys.stdout.write('o' * int(sys.argv[1])); sys.stderr.write('e' * int(sys.argv[2]))"


def run(command):
    _, out, err = command.decode().split()
    line = [sys.executable, "-S", "-c", PRINT, out, err]
    child = subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    output = child.stdout.read()
    return [output, child.stderr.read()]


listener = socket.create_server((host, port))
while True:
    conn, _ = listener.accept()
    try:
        with conn, conn.makefile("rb") as file:
            while len(header := file.read(4)) == 4:
                length = int.from_bytes(header, "big")
                if length > 1024 or len(command := file.read(length)) < length:
                    break
                for stream in run(command):
                    conn.sendall(len(stream).to_bytes(4, "big") + stream)
    except (OSError, ValueError) as error:
        print(error)
