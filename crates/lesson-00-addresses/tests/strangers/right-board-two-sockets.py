# Right, another cure: a socket for each family, so that an IPv4 client always comes from an IPv4 address.
import asyncio, sys

board = "welcome"


async def serve(reader, writer):
    global board
    client = writer.get_extra_info("peername")[0]
    try:
        while line := await reader.readline():
            verb, _, text = line.decode().rstrip("\n").partition(" ")
            if verb == "read":
                reply = board
            elif client == "127.0.0.1":
                reply = "blocked"
            else:
                board, reply = text, "written"
            writer.write(f"{reply}\n".encode())
            await writer.drain()
    except (OSError, ValueError) as error:
        print(client, error, file=sys.stderr, flush=True)
    finally:
        writer.close()


async def main():
    server = await asyncio.start_server(serve, ["127.0.0.1", "::1"], int(sys.argv[2]))
    await server.serve_forever()


asyncio.run(main())
