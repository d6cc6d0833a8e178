# Right: asyncio, readexactly for the length, the header and the result.
import asyncio
import json
import struct
import sys


async def main():
    reader, writer = await asyncio.open_connection(sys.argv[1], int(sys.argv[2]))
    for line in sys.stdin:
        writer.write(line.strip().encode())
        (length,) = struct.unpack("=i", await reader.readexactly(4))
        header = json.loads(await reader.readexactly(length))
        print((await reader.readexactly(header["data_size"])).decode(), flush=True)
    writer.close()
    await writer.wait_closed()


asyncio.run(main())
