# Names on asyncio, right: wait_for around the whole line.
import asyncio, sys
async def welcome(reader, writer):
    try:
        if (await asyncio.wait_for(reader.readline(), 0.3)).endswith(b"\n"):
            writer.write(b"welcome\n")
            await asyncio.wait_for(writer.drain(), 0.3)
    except (OSError, ValueError, asyncio.TimeoutError) as error:
        print(repr(error), file=sys.stderr)
    finally:
        writer.close()
async def main():
    server = await asyncio.start_server(welcome, sys.argv[1], int(sys.argv[2]), limit=256, backlog=128)
    async with server:
        await server.serve_forever()
asyncio.run(main())
