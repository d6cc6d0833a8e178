# Right: asyncio; readuntil and readexactly of one reader.
import asyncio, sys


async def serve(reader, writer):
    try:
        while True:
            length = int(await reader.readuntil(b"\n"))
            if length > 1024:
                break
            writer.write(b"-----> " + await reader.readexactly(length) + b"\n")
            await writer.drain()
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, OSError, ValueError):
        pass
    finally:
        writer.close()


async def main():
    server = await asyncio.start_server(serve, sys.argv[1], int(sys.argv[2]))
    await server.serve_forever()


asyncio.run(main())
