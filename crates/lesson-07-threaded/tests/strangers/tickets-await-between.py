# Tickets on asyncio; the mistake: one thread alone, but an await lies between the reading of the count and its writing.
import asyncio, sys
sold = 0
async def sell(reader, writer):
    global sold
    ticket = sold + 1
    writer.write(b"%d sold, one more?\n" % sold)
    if await reader.readline() == b"yes\n":
        sold = ticket
        writer.write(b"ticket %d\n" % ticket)
    writer.close()
async def main():
    server = await asyncio.start_server(sell, sys.argv[1], int(sys.argv[2]))
    async with server:
        await server.serve_forever()
asyncio.run(main())
