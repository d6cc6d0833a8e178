# Right: asyncio, readexactly. The third word is the maximum.
import asyncio
import sys

host, port = sys.argv[1], int(sys.argv[2])
maximum = int(sys.argv[3]) if len(sys.argv) > 3 else 65536


async def serve(reader, writer):
    try:
        while True:
            header = await reader.readexactly(4)
            length = int.from_bytes(header, "big")
            if length > maximum:
                break
            writer.write(header + await reader.readexactly(length))
            await writer.drain()
    except (asyncio.IncompleteReadError, OSError):
        pass
    finally:
        writer.close()
        try:
            await writer.wait_closed()
        except OSError:
            pass


async def main():
    async with await asyncio.start_server(serve, host, port) as server:
        await server.serve_forever()


asyncio.run(main())
