# Right: an asyncio client. The third argument names the wire: password-in-clear, reflection or one-key-for-all.
import asyncio
import sys

from login_wire import Refused, address, client


async def main():
    reader, writer = await asyncio.open_connection(*address())
    login, answer = client(sys.argv[3]), None
    try:
        while True:
            asked = login.send(answer)
            if isinstance(asked, bytes):
                writer.write(asked)
                await writer.drain()
                answer = None
            else:
                answer = await asyncio.wait_for(reader.readexactly(asked), 10)
    except StopIteration:
        pass
    while line := await asyncio.to_thread(sys.stdin.readline):
        text = line.rstrip("\n").encode()
        writer.write(text)
        print((await reader.readexactly(len(text))).decode(), flush=True)
    writer.close()


try:
    asyncio.run(main())
except (Refused, EOFError, OSError, asyncio.TimeoutError) as error:
    sys.exit(f"error: {error!r}")
