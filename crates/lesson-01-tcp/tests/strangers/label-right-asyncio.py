# Right: an ordinary asyncio client.
import argparse, asyncio, json, logging, sys

async def main(host, port):
    reader, writer = await asyncio.open_connection(host, port)
    for line in sys.stdin:
        line = line.rstrip("\n").encode()
        if not line:
            continue
        writer.write(line)
        await writer.drain()
        print((await reader.readexactly(6 + len(line))).decode(), flush=True)
    writer.close()

parser = argparse.ArgumentParser()
parser.add_argument("host")
parser.add_argument("port", type=int)
args = parser.parse_args()
asyncio.run(main(args.host, args.port))
