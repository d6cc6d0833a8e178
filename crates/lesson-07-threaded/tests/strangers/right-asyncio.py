# Menu on asyncio, right: no thread for a client, a limit of its own; asyncio itself pauses when accept fails.
import asyncio, sys
MOST = 500
inside = 0
async def menu(reader, writer):
    global inside
    inside += 1
    try:
        if inside > MOST:
            writer.write(b"server full, try again later\n")
            await writer.drain()
            return
        writer.write("我是多线程".encode())
        await writer.drain()
        while True:
            data = await asyncio.wait_for(reader.read(1024), 60)
            if not data or data == b"exit":
                return
            writer.write(("您输入的是0" if data == b"0" else "请重新输入.").encode())
            await asyncio.wait_for(writer.drain(), 60)
    except (OSError, asyncio.TimeoutError) as error:
        print(error, file=sys.stderr)
    finally:
        inside -= 1
        writer.close()
async def main():
    server = await asyncio.start_server(menu, sys.argv[1], int(sys.argv[2]), backlog=128)
    async with server:
        await server.serve_forever()
asyncio.run(main())
