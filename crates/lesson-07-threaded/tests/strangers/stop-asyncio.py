# Sums on asyncio, right: a signal handler of the loop closes the listener, and the sums that were begun are awaited.
import asyncio, signal, sys
sums = set()
async def add_up(reader, writer):
    task = asyncio.current_task()
    sums.add(task)
    try:
        total = 0
        while line := await reader.readline():
            total += int(line)
        writer.write(b"%d\n" % total)
        await writer.drain()
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
    finally:
        writer.close()
        sums.discard(task)
async def main():
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGINT, stop.set)
    server = await asyncio.start_server(add_up, sys.argv[1], int(sys.argv[2]), backlog=128)
    await stop.wait()
    server.close()
    while sums:
        await asyncio.wait(set(sums))
asyncio.run(main())
