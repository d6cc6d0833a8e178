# Sends lines of up to 8000 bytes, in asyncio; says which are longer, and goes on. Right.
import asyncio, sys


class Answers(asyncio.DatagramProtocol):
    def __init__(self):
        self.come = asyncio.Queue()

    def datagram_received(self, data, sender):
        self.come.put_nowait(data.decode())


async def main():
    loop = asyncio.get_running_loop()
    transport, answers = await loop.create_datagram_endpoint(Answers, remote_addr=(sys.argv[1], int(sys.argv[2])))
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        data = line.rstrip("\n").encode()
        if len(data) > 8000:
            print("too long for a datagram:", len(data), file=sys.stderr)
            continue
        transport.sendto(data)
        print(await asyncio.wait_for(answers.come.get(), 5), flush=True)


asyncio.run(main())
