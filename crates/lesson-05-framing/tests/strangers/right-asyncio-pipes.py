# Right: asyncio reads both pipes of the command in two tasks.
import asyncio
import sys

host, port = sys.argv[1], int(sys.argv[2])
PIPE = asyncio.subprocess.PIPE
PRINT = "import sys; sys.stdout.write('o' * int(sys.argv[1])); sys.stderr.write('e' * int(sys.argv[2]))"


async def serve(reader, writer):
    try:
        while True:
            length = int.from_bytes(await reader.readexactly(4), "big")
            if length > 1024:
                break
            words = (await reader.readexactly(length)).decode().split()[1:]
            child = await asyncio.create_subprocess_exec(
                sys.executable, "-S", "-c", PRINT, *words, stdout=PIPE, stderr=PIPE
            )
            for stream in await asyncio.gather(child.stdout.read(), child.stderr.read()):
                writer.write(len(stream).to_bytes(4, "big") + stream)
            await child.wait()
            await writer.drain()
    except (asyncio.IncompleteReadError, OSError, ValueError):
        pass
    writer.close()


async def main():
    async with await asyncio.start_server(serve, host, port) as server:
        await server.serve_forever()


asyncio.run(main())
