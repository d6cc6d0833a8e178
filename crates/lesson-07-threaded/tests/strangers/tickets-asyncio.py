# Tickets on asyncio, right: no await between the reading of the count and its writing.
import asyncio, sys
sold = 0
async def sell(reader, writer):
    global sold
    try:
        writer.write(b"%d sold, one more?\n" % sold)
        await writer.drain()
        if await asyncio.wait_for(reader.readline(), 60) == b"yes\n":
            sold += 1
            writer.write(b"ticket %d\n" % sold)
            await writer.drain()
    except (OSError, ValueError, asyncio.TimeoutError) as error:
        print(error, file=sys.stderr)
    finally:
        writer.close()
async def main():
    server = await asyncio.start_server(sell, sys.argv[1], int(sys.argv[2]), backlog=128)
    async with server:
        await server.serve_forever()
asyncio.run(main())
