# Right: asyncio; it looks at all lines before it sends any, and names the character that cannot be sent.
import asyncio, sys

async def main():
    text = "".join(sys.stdin.buffer.read().decode("utf-8").splitlines())
    try:
        message = text.encode("gbk")
    except UnicodeEncodeError as error:
        sys.exit(f"GBK has no bytes for {text[error.start]!r}")
    reader, writer = await asyncio.open_connection(sys.argv[1], int(sys.argv[2]))
    writer.write(message)
    await writer.drain()
    writer.write_eof()
    print((await reader.read()).decode("gbk"), end="")
    writer.close()

asyncio.run(main())
