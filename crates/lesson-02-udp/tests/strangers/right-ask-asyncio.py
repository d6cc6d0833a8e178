# Sends each line and prints the answer, in asyncio, with remote_addr: connected. Right.
import asyncio, sys


class Answers(asyncio.DatagramProtocol):
    def __init__(self):
        self.come = asyncio.Queue()

    def datagram_received(self, data, sender):
        self.come.put_nowait(data)

    def error_received(self, error):
        self.come.put_nowait(error)


async def main():
    loop = asyncio.get_running_loop()
    transport, answers = await loop.create_datagram_endpoint(Answers, remote_addr=(sys.argv[1], int(sys.argv[2])))
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        transport.sendto(line.rstrip("\n").encode())
        answer = await asyncio.wait_for(answers.come.get(), 4)
        if isinstance(answer, Exception):
            raise answer
        print(answer.decode(), flush=True)


asyncio.run(main())
