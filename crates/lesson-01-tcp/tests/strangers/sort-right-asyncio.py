# Right: asyncio: write_eof ends one direction.
import asyncio, sys

async def main():
    reader, writer = await asyncio.open_connection(sys.argv[1], int(sys.argv[2]))
    writer.write(sys.stdin.buffer.read())
    await writer.drain()
    writer.write_eof()
    sys.stdout.buffer.write(await reader.read())
    writer.close()
    await writer.wait_closed()

asyncio.run(main())
