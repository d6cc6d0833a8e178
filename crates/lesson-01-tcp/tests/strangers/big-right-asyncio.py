# Right: asyncio: drain waits for room, and close sends what is left.
import asyncio, sys

page = b"page" * 16384

async def serve(reader, writer):
    try:
        for _ in range(512):
            writer.write(page)
            await writer.drain()
        writer.close()
        await writer.wait_closed()
    except OSError as error:
        print("connection closed:", error, file=sys.stderr)

async def main():
    server = await asyncio.start_server(serve, sys.argv[1], int(sys.argv[2]))
    await server.serve_forever()

asyncio.run(main())
