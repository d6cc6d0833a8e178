# Right: asyncio; compares the first two numbers.
import asyncio, sys


async def serve(reader, writer):
    try:
        while line := await reader.readline():
            a, b, _, _ = (int(part) for part in line.split(b"."))
            writer.write(b"yes\n" if a == 172 and 16 <= b <= 31 else b"no\n")
            await writer.drain()
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr, flush=True)
    finally:
        writer.close()


async def main():
    server = await asyncio.start_server(serve, sys.argv[1], int(sys.argv[2]))
    await server.serve_forever()


asyncio.run(main())
