# Right: asyncio sets TCP_NODELAY by itself, so two writes leave at once.
import asyncio
import struct
import sys

host, port = sys.argv[1], int(sys.argv[2])


async def serve(reader, writer):
    try:
        while command := await reader.read(1024):
            result = command[5:] if command.startswith(b"echo ") else b"unknown command: there is echo TEXT"
            writer.write(struct.pack("=i", len(result)))
            await writer.drain()
            writer.write(result)
            await writer.drain()
    except OSError:
        pass
    writer.close()


async def main():
    async with await asyncio.start_server(serve, host, port) as server:
        await server.serve_forever()


asyncio.run(main())
