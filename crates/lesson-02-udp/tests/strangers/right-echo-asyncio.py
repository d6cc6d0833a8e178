# An echo server: an asyncio loop that watches a socket of its own. Right: it sends empty datagrams too, which
# `transport.sendto` does only since Python 3.13.
import asyncio, socket, sys


def answer(s):
    try:
        data, sender = s.recvfrom(65535)
        s.sendto(data, sender)
    except BlockingIOError:
        pass
    except OSError as error:
        print(error, file=sys.stderr)


async def main():
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.bind((sys.argv[1], int(sys.argv[2])))
    s.setblocking(False)
    asyncio.get_running_loop().add_reader(s, answer, s)
    await asyncio.Event().wait()


asyncio.run(main())
