# Right: asyncio: it answers the characters that are whole, and keeps the up to three bytes behind them.
import asyncio, sys

async def serve(reader, writer):
    pending = b""
    try:
        while data := await asyncio.wait_for(reader.read(512), 10):
            pending += data
            try:
                text, pending = pending.decode(), b""
            except UnicodeDecodeError as error:
                if error.reason != "unexpected end of data":
                    raise
                text, pending = pending[:error.start].decode(), pending[error.start:]
            writer.write(text.upper().encode())
            await writer.drain()
    except (OSError, ValueError, asyncio.TimeoutError) as error:
        print("connection closed:", repr(error), file=sys.stderr)
    writer.close()

async def main():
    server = await asyncio.start_server(serve, sys.argv[1], int(sys.argv[2]))
    await server.serve_forever()

asyncio.run(main())
