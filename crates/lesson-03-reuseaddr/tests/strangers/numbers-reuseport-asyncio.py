# Mistake: reuse_port in asyncio.
import asyncio, itertools, sys

numbers = itertools.count(1)


async def greet(reader, writer):
    number = next(numbers)
    await reader.readexactly(6)
    writer.write(b"hi %d" % number)
    writer.close()


async def main():
    server = await asyncio.start_server(greet, sys.argv[1], int(sys.argv[2]), reuse_port=True)
    await server.serve_forever()


asyncio.run(main())
