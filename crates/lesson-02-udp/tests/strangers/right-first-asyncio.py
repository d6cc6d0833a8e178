# Says hello again every 0.4 seconds, in asyncio. Right.
import asyncio, sys


class Hello(asyncio.DatagramProtocol):
    def __init__(self):
        self.answer = asyncio.get_running_loop().create_future()

    def datagram_received(self, data, sender):
        if not self.answer.done():
            self.answer.set_result(data)


async def main():
    loop = asyncio.get_running_loop()
    transport, hello = await loop.create_datagram_endpoint(Hello, remote_addr=(sys.argv[1], int(sys.argv[2])))
    for _ in range(30):
        transport.sendto(b"hello")
        if (await asyncio.wait([hello.answer], timeout=0.4))[0]:
            return print(hello.answer.result().decode())
    sys.exit("no answer")


asyncio.run(main())
