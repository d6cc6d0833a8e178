# Menu by lines on asyncio, right: readline of the stream, which waits for the newline and keeps the rest.
import asyncio, sys
async def menu(reader, writer):
    try:
        writer.write("我是多线程".encode())
        while True:
            line = await asyncio.wait_for(reader.readline(), 60)
            if not line.endswith(b"\n") or line == b"exit\n":
                return
            writer.write(("您输入的是0" if line == b"0\n" else "请重新输入.").encode())
            await writer.drain()
    except (OSError, ValueError, asyncio.TimeoutError) as error:
        print(error, file=sys.stderr)
    finally:
        writer.close()
async def main():
    server = await asyncio.start_server(menu, sys.argv[1], int(sys.argv[2]), limit=4096)
    async with server:
        await server.serve_forever()
asyncio.run(main())
