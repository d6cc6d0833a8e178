# Mistake, a cure from the net: TCP_NODELAY at the server, and one recv is still read as one message.
import asyncio, socket, sys


async def serve(reader, writer):
    writer.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    while data := await reader.read(1024):
        writer.write(b"-----> " + data.rstrip(b"\n") + b"\n")
        await writer.drain()
    writer.close()


async def main():
    server = await asyncio.start_server(serve, sys.argv[1], int(sys.argv[2]))
    await server.serve_forever()


asyncio.run(main())
