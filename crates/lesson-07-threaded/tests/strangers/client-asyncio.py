# Menu client on asyncio, right: readexactly.
import asyncio, sys
async def main():
    reader, writer = await asyncio.open_connection(sys.argv[1], int(sys.argv[2]))
    loop = asyncio.get_running_loop()
    greeted = False
    while True:
        line = await loop.run_in_executor(None, sys.stdin.readline)
        if not line:
            break
        writer.write(line.rstrip("\n").encode())
        await writer.drain()
        if not greeted:
            print("greeting:", (await reader.readexactly(15)).decode(), flush=True)
            greeted = True
        print("answer:", (await reader.readexactly(16)).decode(), flush=True)
    writer.close()
    await writer.wait_closed()
asyncio.run(main())
