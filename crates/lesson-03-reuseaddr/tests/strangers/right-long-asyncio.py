# Right: asyncio; close sends what is in the buffers first.
import asyncio, sys


async def greet(reader, writer):
    try:
        await reader.readexactly(6)
        writer.write(b"hi" * 50_000)
        await writer.drain()
    except (asyncio.IncompleteReadError, OSError):
        pass
    finally:
        writer.close()


async def main():
    server = await asyncio.start_server(greet, sys.argv[1], int(sys.argv[2]))
    await server.serve_forever()


asyncio.run(main())
