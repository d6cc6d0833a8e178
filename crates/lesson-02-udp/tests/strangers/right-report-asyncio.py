# Reports each line, in asyncio: the loop receives all the time, and so hears of an error at once and forgets it. Right.
import asyncio, sys


class Report(asyncio.DatagramProtocol):
    def error_received(self, error):
        print(error, file=sys.stderr)


async def main():
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(Report, remote_addr=(sys.argv[1], int(sys.argv[2])))
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        transport.sendto(line.rstrip("\n").encode())


asyncio.run(main())
