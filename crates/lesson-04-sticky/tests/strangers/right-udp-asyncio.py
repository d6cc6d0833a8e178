# Right: asyncio; it receives with room for 256 KiB. It has no limit of its own and answers longer messages whole.
import asyncio, sys


class Server(asyncio.DatagramProtocol):
    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, addr):
        self.transport.sendto(b"-----> " + data, addr)


async def main():
    await asyncio.get_running_loop().create_datagram_endpoint(Server, local_addr=(sys.argv[1], int(sys.argv[2])))
    await asyncio.Event().wait()


asyncio.run(main())
