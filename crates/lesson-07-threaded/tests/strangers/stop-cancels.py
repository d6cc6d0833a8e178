# Sums on asyncio; the mistake: Ctrl-C is left to asyncio.run, which cancels the conversations: the sum is lost.
import asyncio, sys
async def add_up(reader, writer):
    total = 0
    while line := await reader.readline():
        total += int(line)
    writer.write(b"%d\n" % total)
    await writer.drain()
    writer.close()
async def main():
    server = await asyncio.start_server(add_up, sys.argv[1], int(sys.argv[2]))
    async with server:
        await server.serve_forever()
try:
    asyncio.run(main())
except KeyboardInterrupt:
    pass
