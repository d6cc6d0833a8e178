# Asks again after 0.5 seconds; the number of an answer says whose it is, whenever it comes. asyncio. Right.
import asyncio, sys


class Answers(asyncio.DatagramProtocol):
    def __init__(self):
        self.waiting = {}

    def datagram_received(self, data, sender):
        answer = self.waiting.get(data)
        if answer and not answer.done():
            answer.set_result(None)


async def main():
    loop = asyncio.get_running_loop()
    transport, answers = await loop.create_datagram_endpoint(Answers, remote_addr=(sys.argv[1], int(sys.argv[2])))
    number = 0
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        number += 1
        question = f"{number} {line.rstrip()}".encode()
        answer = answers.waiting[question] = loop.create_future()
        for _ in range(6):
            transport.sendto(question)
            if (await asyncio.wait([answer], timeout=0.5))[0]:
                break
        else:
            sys.exit("no answer")
        print(question.decode(), flush=True)


asyncio.run(main())
