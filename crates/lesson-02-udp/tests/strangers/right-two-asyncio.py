# Answers `hi` at 127.0.0.1 and 127.0.0.2: two datagram endpoints of asyncio. Right.
import asyncio, sys


class Hi(asyncio.DatagramProtocol):
    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, sender):
        self.transport.sendto(b"hi", sender)


async def main():
    loop = asyncio.get_running_loop()
    for host in ("127.0.0.2", sys.argv[1]):
        await loop.create_datagram_endpoint(Hi, local_addr=(host, int(sys.argv[2])))
    await asyncio.Event().wait()


asyncio.run(main())
