# Right: asyncio: it reads the request up to its newline, answers, ends its direction, and reads on to the end.
import asyncio, sys

async def serve(reader, writer):
    try:
        await asyncio.wait_for(reader.readuntil(b"\n"), 30)
        writer.write(b"page" * 25_000)
        writer.write_eof()
        while await asyncio.wait_for(reader.read(4096), 30):
            pass
    except (OSError, EOFError, asyncio.TimeoutError, asyncio.LimitOverrunError) as error:
        print("connection closed:", repr(error), file=sys.stderr)
    writer.close()

async def main():
    server = await asyncio.start_server(serve, sys.argv[1], int(sys.argv[2]), limit=1 << 16)
    await server.serve_forever()

asyncio.run(main())
