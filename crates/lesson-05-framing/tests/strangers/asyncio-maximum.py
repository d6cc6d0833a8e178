# asyncio and readexactly; the third argument is the longest payload that it takes.
import asyncio
import struct
import sys

MAXIMUM = int(sys.argv[3])


async def echo(reader, writer):
    try:
        while True:
            (length,) = struct.unpack("!I", await reader.readexactly(4))
            if length > MAXIMUM:
                break
            payload = await reader.readexactly(length)
            writer.write(struct.pack("!I", length) + payload)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError) as error:
        print("gone:", error, flush=True)
    finally:
        writer.close()


async def main():
    server = await asyncio.start_server(echo, sys.argv[1], int(sys.argv[2]))
    await server.serve_forever()


asyncio.run(main())
