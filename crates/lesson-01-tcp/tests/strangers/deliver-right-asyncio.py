# Right: asyncio, a deadline for each acknowledgement.
import asyncio, sys

async def main():
    reader, writer = await asyncio.open_connection(sys.argv[1], int(sys.argv[2]))
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        try:
            writer.write(line.encode())
            await writer.drain()
            answer = await asyncio.wait_for(reader.readline(), 5)
        except (OSError, asyncio.TimeoutError) as error:
            sys.exit(f"not delivered: {line.strip()}: {error!r}")
        if answer != b"ok\n":
            sys.exit(f"not delivered: {line.strip()}")
        print("delivered:", line.strip(), flush=True)
    writer.close()

asyncio.run(main())
