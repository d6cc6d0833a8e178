"""A client of remote command in Python: struct for the length, json for the header.

    remote_command_client.py HOST PORT COMMAND [ARGUMENT ...]

Writes what the command wrote and ends with its exit status.
"""

import json
import socket
import struct
import sys
import uuid


def read_exactly(stream, count):
    data = stream.read(count)
    if len(data) < count:
        sys.exit(f"the stream ended after {len(data)} of {count} bytes")
    return data


def read_header(stream):
    while True:
        (length,) = struct.unpack("!I", read_exactly(stream, 4))
        if length > 64 * 1024:
            sys.exit(f"a header of {length} bytes is too long")
        # An empty frame says that the command still runs.
        if length > 0:
            return json.loads(read_exactly(stream, length))


def main():
    host, port, *command = sys.argv[1:]
    identifier = uuid.uuid4().hex
    payload = json.dumps({"id": identifier, "command": command}).encode()
    with socket.create_connection((host, int(port)), timeout=60) as connection:
        connection.sendall(struct.pack("!I", len(payload)) + payload)
        with connection.makefile("rb") as stream:
            header = read_header(stream)
            if "error" in header:
                sys.exit(header["error"])
            assert header["id"] == identifier, header
            sys.stdout.buffer.write(read_exactly(stream, header["stdout_size"]))
            sys.stderr.buffer.write(read_exactly(stream, header["stderr_size"]))
    sys.exit(header["status"] if "status" in header else 128 + header["signal"])


main()
