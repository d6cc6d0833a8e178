# Names on asyncio; the mistake: wait_for around each read, so every byte begins a new wait.
import asyncio, sys
async def welcome(reader, writer):
    name = b""
    try:
        while not name.endswith(b"\n") and len(name) <= 255:
            data = await asyncio.wait_for(reader.read(64), 0.3)
            if not data:
                return
            name += data
        writer.write(b"welcome\n")
        await writer.drain()
    except (OSError, asyncio.TimeoutError):
        pass
    finally:
        writer.close()
async def main():
    server = await asyncio.start_server(welcome, sys.argv[1], int(sys.argv[2]))
    async with server:
        await server.serve_forever()
asyncio.run(main())
