# Mistake: a half cure: drain after each write, without a deadline: the writer waits for the slowest member.
import asyncio, sys

members = set()

async def serve(reader, writer):
    members.add(writer)
    try:
        while data := await reader.read(1 << 16):
            for member in list(members):
                member.write(data)
                await member.drain()
    except OSError:
        pass
    members.discard(writer)
    writer.close()

async def main():
    server = await asyncio.start_server(serve, sys.argv[1], int(sys.argv[2]))
    await server.serve_forever()

asyncio.run(main())
