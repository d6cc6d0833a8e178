# Wrong: readline of asyncio gives what is left at the end of the stream, without a newline, as if it were a line.
import asyncio
import sys


async def acknowledge(reader, writer):
    while line := await reader.readline():
        writer.write(b"-----> " + line)
        await writer.drain()
    writer.close()


async def main():
    server = await asyncio.start_server(acknowledge, sys.argv[1], int(sys.argv[2]), limit=1024)
    await server.serve_forever()


asyncio.run(main())
