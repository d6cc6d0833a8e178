# Right: asyncio: a member with more than 1 MiB waiting for it is dropped.
import asyncio, sys

members = set()

async def serve(reader, writer):
    members.add(writer)
    try:
        while data := await reader.read(1 << 16):
            for member in list(members):
                if member.transport.get_write_buffer_size() > 1 << 20:
                    members.discard(member)
                    member.transport.abort()
                else:
                    member.write(data)
            await asyncio.sleep(0)
    except OSError:
        pass
    members.discard(writer)
    writer.close()

async def main():
    server = await asyncio.start_server(serve, sys.argv[1], int(sys.argv[2]))
    await server.serve_forever()

asyncio.run(main())
