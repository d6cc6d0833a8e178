# Right: an echo server with asyncio streams, and a deadline for every read and write.
import asyncio, sys

host, port = sys.argv[1], int(sys.argv[2])
limit = float(sys.argv[3]) if len(sys.argv) > 3 else 5

async def serve(reader, writer):
    try:
        while True:
            data = await asyncio.wait_for(reader.read(4096), limit)
            if not data:
                break
            writer.write(data)
            await asyncio.wait_for(writer.drain(), limit)
        writer.close()
    except (OSError, asyncio.TimeoutError) as error:
        print("connection closed:", repr(error), file=sys.stderr)
        writer.transport.abort()

async def main():
    server = await asyncio.start_server(serve, host, port)
    async with server:
        await server.serve_forever()

asyncio.run(main())
