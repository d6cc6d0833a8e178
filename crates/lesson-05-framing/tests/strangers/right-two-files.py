# Right: the command writes into two files, which hold as much as it likes.
import socket
import subprocess
import sys
import tempfile

host, port = sys.argv[1], int(sys.argv[2])
PRINT = "import sys; sys.stdout.write('o' * int(sys.argv[1])); sys.stderr.write('e' * int(sys.argv[2]))"


def run(command):
    _, out, err = command.decode().split()
    line = [sys.executable, "-S", "-c", PRINT, out, err]
    with tempfile.TemporaryFile() as out_file, tempfile.TemporaryFile() as err_file:
        subprocess.run(line, stdout=out_file, stderr=err_file)
        out_file.seek(0)
        err_file.seek(0)
        return [out_file.read(), err_file.read()]


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
