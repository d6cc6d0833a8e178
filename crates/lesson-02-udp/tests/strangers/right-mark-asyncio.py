# Sends every datagram back behind a mark, and answers no answer, in asyncio. Right.
import asyncio, sys


class Echo(asyncio.DatagramProtocol):
    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, sender):
        if data[:7] == b"[echo] ":
            return
        self.transport.sendto(b"[echo] " + data, sender)

    def error_received(self, error):
        print(error, file=sys.stderr)


async def main():
    loop = asyncio.get_running_loop()
    await loop.create_datagram_endpoint(Echo, local_addr=(sys.argv[1], int(sys.argv[2])))
    await asyncio.Event().wait()


asyncio.run(main())
