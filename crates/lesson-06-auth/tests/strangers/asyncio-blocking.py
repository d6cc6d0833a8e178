# Wrong: it looks like asyncio, but the login reads from a blocking socket, and the whole loop stands still.
import asyncio
import os
import socket

from login_wire import Refused, address, check, echo, key, read, tag

KEY = key()


async def serve(conn):
    with conn:
        try:
            challenge = os.urandom(32)
            conn.sendall(challenge)
            check(tag(KEY, challenge), read(conn, 32))
            echo(conn)
        except (Refused, EOFError, OSError) as error:
            print("connection closed:", error)


async def main():
    listener = socket.create_server(address(), backlog=128)
    listener.setblocking(False)
    while True:
        conn, _ = await asyncio.get_running_loop().sock_accept(listener)
        conn.setblocking(True)
        asyncio.create_task(serve(conn))


asyncio.run(main())
