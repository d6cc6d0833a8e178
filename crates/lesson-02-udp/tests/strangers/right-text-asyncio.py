# A server that keeps a text: a DatagramProtocol of asyncio, lines kept in order by bisect. Right.
import asyncio, bisect, sys


class Texts(asyncio.DatagramProtocol):
    def __init__(self):
        self.texts = {}

    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, sender):
        numbers, lines = self.texts.setdefault(sender, ([], []))
        word, blank, line = data.decode(errors="replace").partition(" ")
        if data == b"all":
            self.transport.sendto(" ".join(lines).encode(), sender)
        elif blank and word.isdecimal():
            place = bisect.bisect_left(numbers, int(word))
            if place == len(numbers) or numbers[place] != int(word):
                numbers.insert(place, int(word))
                lines.insert(place, line)


async def main():
    loop = asyncio.get_running_loop()
    await loop.create_datagram_endpoint(Texts, local_addr=(sys.argv[1], int(sys.argv[2])))
    await asyncio.Event().wait()


asyncio.run(main())
