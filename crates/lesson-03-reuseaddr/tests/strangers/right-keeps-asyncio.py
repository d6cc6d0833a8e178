# Right: asyncio; greets, and waits until the client has left.
import asyncio, sys


async def greet(reader, writer):
    try:
        if await reader.readexactly(6) == b"hello!":
            writer.write(b"hi")
            while await reader.read(1024):
                pass
    except (asyncio.IncompleteReadError, OSError):
        pass
    finally:
        writer.close()


async def main():
    server = await asyncio.start_server(greet, sys.argv[1], int(sys.argv[2]))
    await server.serve_forever()


asyncio.run(main())
