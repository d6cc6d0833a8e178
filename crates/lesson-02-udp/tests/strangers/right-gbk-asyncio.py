# Reads GBK as GB18030, which contains it, and answers in UTF-8, in asyncio. Right: what is no text gets a replacement.
import asyncio, sys


class Read(asyncio.DatagramProtocol):
    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, sender):
        self.transport.sendto(data.decode("gb18030", errors="replace").encode("utf-8"), sender)


async def main():
    loop = asyncio.get_running_loop()
    await loop.create_datagram_endpoint(Read, local_addr=(sys.argv[1], int(sys.argv[2])))
    await asyncio.Event().wait()


asyncio.run(main())
