# Right: wait_for around readexactly, which leaves what has come in its buffer when it is cancelled.
import asyncio
import sys

host, port = sys.argv[1], int(sys.argv[2])


async def patiently(reader, wanted):
    for _ in range(50):
        try:
            return await asyncio.wait_for(reader.readexactly(wanted), 0.2)
        except asyncio.TimeoutError:
            print("trying again", flush=True)
    raise OSError("too slow")


async def serve(reader, writer):
    try:
        while first := await reader.read(1):
            header = first + await patiently(reader, 3)
            length = int.from_bytes(header, "big")
            if length > 65536:
                break
            writer.write(header + await patiently(reader, length))
            await writer.drain()
    except (asyncio.IncompleteReadError, OSError):
        pass
    writer.close()


async def main():
    async with await asyncio.start_server(serve, host, port) as server:
        await server.serve_forever()


asyncio.run(main())
