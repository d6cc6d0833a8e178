# Right: asyncio; commands go through a queue to a task that answers them in order.
import asyncio
import sys

host, port = sys.argv[1], int(sys.argv[2])


async def answer(queue, writer):
    while (command := await queue.get()) is not None:
        result = command[5:] if command.startswith(b"echo ") else b"unknown command: there is echo TEXT"
        writer.write(len(result).to_bytes(4, "big") + result)
        await writer.drain()


async def serve(reader, writer):
    queue = asyncio.Queue(100)
    task = asyncio.create_task(answer(queue, writer))
    try:
        while True:
            length = int.from_bytes(await reader.readexactly(4), "big")
            if length > 1024:
                break
            await queue.put(await reader.readexactly(length))
    except (asyncio.IncompleteReadError, OSError):
        pass
    await queue.put(None)
    try:
        await task
    except OSError:
        pass
    writer.close()


async def main():
    async with await asyncio.start_server(serve, host, port) as server:
        await server.serve_forever()


asyncio.run(main())
