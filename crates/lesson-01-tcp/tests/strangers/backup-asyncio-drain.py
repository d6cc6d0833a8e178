# Mistake: "asyncio does it all": drain waits until the kernel has taken what was written, and nobody reads meanwhile.
import asyncio, sys

SIZE = 64 * 1024 * 1024

async def main():
    reader, writer = await asyncio.open_connection(sys.argv[1], int(sys.argv[2]))
    for _ in range(SIZE // 65536):
        writer.write(b"c" * 65536)
        await writer.drain()
    await reader.readexactly(SIZE)
    print("the exchange is complete")
    writer.close()

asyncio.run(main())
