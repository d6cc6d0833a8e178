"""A server of remote command in Python: struct for the length, json for the header.

    remote_command_server.py

Runs whatever it is asked to run, prints the ids of its requests, and loses every first reply to an id with "lost" in it.
"""

import json
import socket
import struct
import subprocess


def read_request(stream):
    header = stream.read(4)
    if not header:
        return None
    (length,) = struct.unpack("!I", header)
    return json.loads(stream.read(length))


def reply(request):
    try:
        done = subprocess.run(request["command"], stdin=subprocess.DEVNULL, capture_output=True)
    except OSError as error:
        return frame({"id": request["id"], "error": str(error)})
    end = {"status": done.returncode} if done.returncode >= 0 else {"signal": -done.returncode}
    sizes = {"stdout_size": len(done.stdout), "stderr_size": len(done.stderr)}
    return frame({"id": request["id"], **end, **sizes}) + done.stdout + done.stderr


def frame(header):
    # Not ASCII only: the length counts bytes, and json.dumps counts characters.
    payload = json.dumps(header, ensure_ascii=False).encode()
    return struct.pack("!I", len(payload)) + payload


def main():
    kept = {}
    with socket.create_server(("127.0.0.1", 0)) as listener:
        print("listening on 127.0.0.1:%d" % listener.getsockname()[1], flush=True)
        while True:
            connection, _ = listener.accept()
            with connection, connection.makefile("rb") as stream:
                while (request := read_request(stream)) is not None:
                    identifier = request["id"]
                    first = identifier not in kept
                    if first:
                        kept[identifier] = reply(request)
                    print(identifier, "runs" if first else "is kept", flush=True)
                    if first and "lost" in identifier:
                        break
                    connection.sendall(kept[identifier])


main()
