# Right: asyncio; readuntil keeps the rest and has the limit. Argument 3: the limit.
import asyncio, sys

LIMIT = int(sys.argv[3]) if len(sys.argv) > 3 else 1024


async def serve(reader, writer):
    try:
        while True:
            writer.write(b"-----> " + await reader.readuntil(b"\n"))
            await writer.drain()
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, OSError):
        pass
    finally:
        writer.close()


async def main():
    server = await asyncio.start_server(serve, sys.argv[1], int(sys.argv[2]), limit=LIMIT)
    await server.serve_forever()


asyncio.run(main())
