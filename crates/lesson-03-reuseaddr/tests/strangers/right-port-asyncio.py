# Right: asyncio; the server is started before anything else is done.
import asyncio, sys


async def greet(reader, writer):
    await reader.readexactly(6)
    writer.write(b"hi")
    await writer.drain()
    writer.close()


async def main():
    server = await asyncio.start_server(greet, sys.argv[1], int(sys.argv[2]))
    host, port = server.sockets[0].getsockname()
    print(f"my server will be at {host}:{port}", flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
    reader, writer = await asyncio.open_connection(host, port)
    writer.write(b"hello!")
    print((await reader.readexactly(2)).decode(), flush=True)
    writer.close()
    server.close()


asyncio.run(main())
