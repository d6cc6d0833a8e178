# Right: asyncio, with wait_for around the whole of it.
import asyncio, sys

async def hello():
    reader, writer = await asyncio.open_connection(sys.argv[1], int(sys.argv[2]))
    writer.write(b"hello")
    await writer.drain()
    print((await reader.readexactly(5)).decode())
    writer.close()

async def main():
    try:
        await asyncio.wait_for(hello(), 2)
    except asyncio.TimeoutError:
        sys.exit("cannot reach the server: no answer within 2 seconds")
    except OSError as error:
        sys.exit(f"cannot reach the server: {error}")

asyncio.run(main())
