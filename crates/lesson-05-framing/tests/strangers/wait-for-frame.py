# Wrong: wait_for around the whole frame; a timeout in the payload throws the header away.
import asyncio
import sys

host, port = sys.argv[1], int(sys.argv[2])


async def read_frame(reader):
    header = await reader.readexactly(4)
    length = int.from_bytes(header, "big")
    if length > 65536:
        raise OSError("too long")
    return header + await reader.readexactly(length)


async def serve(reader, writer):
    try:
        while True:
            try:
                writer.write(await asyncio.wait_for(read_frame(reader), 0.2))
                await writer.drain()
            except asyncio.TimeoutError:
                print("trying again", flush=True)
    except (asyncio.IncompleteReadError, OSError):
        pass
    writer.close()


async def main():
    async with await asyncio.start_server(serve, host, port) as server:
        await server.serve_forever()


asyncio.run(main())
