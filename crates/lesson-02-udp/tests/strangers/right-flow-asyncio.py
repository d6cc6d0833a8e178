# Sends eight pieces at a time, each with a task that sends it again every 0.3 seconds, in asyncio. Right.
import asyncio, sys


class Numbers(asyncio.DatagramProtocol):
    def __init__(self):
        self.there = {}

    def datagram_received(self, data, sender):
        event = self.there.get(data)
        if event:
            event.set()


async def deliver(transport, numbers, places, number):
    async with places:
        head = number.to_bytes(4, "big")
        there = numbers.there[head] = asyncio.Event()
        for _ in range(60):
            transport.sendto(head + bytes(8188))
            try:
                return await asyncio.wait_for(there.wait(), 0.3)
            except asyncio.TimeoutError:
                pass
        raise TimeoutError(f"piece {number} was not acknowledged")


async def main():
    loop, count = asyncio.get_running_loop(), int(input())
    transport, numbers = await loop.create_datagram_endpoint(Numbers, remote_addr=(sys.argv[1], int(sys.argv[2])))
    places = asyncio.Semaphore(8)
    await asyncio.gather(*(deliver(transport, numbers, places, number) for number in range(count)))


asyncio.run(main())
