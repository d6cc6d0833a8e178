# Right: asyncio, with one deadline for the whole login. The third argument names the wire.
import asyncio
import sys

import login_wire as wire


async def talk(reader, writer, session, logged_in):
    asked = next(session)
    while True:
        answer = None
        if asked is wire.IN:
            logged_in()
        elif asked in (wire.ANY, wire.ANY_BYTE):
            answer = await reader.read(1024 if asked is wire.ANY else 1)
        elif isinstance(asked, bytes):
            writer.write(asked)
            await writer.drain()
        else:
            answer = await reader.readexactly(asked)  # IncompleteReadError is an EOFError
        try:
            asked = session.send(answer)
        except StopIteration:
            return


async def serve(reader, writer):
    task = asyncio.current_task()
    deadline = asyncio.get_running_loop().call_later(20, task.cancel)
    try:
        await talk(reader, writer, wire.server(sys.argv[3]), deadline.cancel)
        writer.close()
    except asyncio.CancelledError:
        print("connection closed: the login took too long", file=sys.stderr)
        writer.transport.abort()
    except (wire.Refused, EOFError, OSError) as error:
        print("connection closed:", error, file=sys.stderr)
        await end(reader, writer)
    finally:
        deadline.cancel()


async def end(reader, writer):
    """The end first, then a look at what still comes: a close with unread bytes is a reset."""
    try:
        writer.write_eof()
        await asyncio.wait_for(reader.read(65536), 0.2)
    except (OSError, asyncio.TimeoutError):
        pass
    writer.close()


async def main():
    server = await asyncio.start_server(serve, *wire.address(), backlog=128)
    await server.serve_forever()


asyncio.run(main())
