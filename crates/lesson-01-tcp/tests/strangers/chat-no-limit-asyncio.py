# Mistake: write without drain: the memory of the server is the buffer of the member who does not read.
import asyncio, sys

members = set()

async def serve(reader, writer):
    members.add(writer)
    try:
        while data := await reader.read(1 << 16):
            for member in members:
                member.write(data)
    except OSError:
        pass
    members.discard(writer)
    writer.close()

async def main():
    server = await asyncio.start_server(serve, sys.argv[1], int(sys.argv[2]))
    await server.serve_forever()

asyncio.run(main())
