# Right, another cure: asks all addresses at the same time and takes the first that greets.
import asyncio, sys


async def greeting(address):
    reader, writer = await asyncio.open_connection(address, int(sys.argv[2]))
    try:
        line = await reader.readline()
        if not line:
            raise ConnectionError(f"{address} did not greet")
        return line.decode().strip()
    finally:
        writer.close()


async def main():
    tries = [asyncio.create_task(greeting(address)) for address in sys.stdin.read().split()]
    errors = []
    for answer in asyncio.as_completed(tries, timeout=5):
        try:
            print(await answer)
            break
        except OSError as error:
            errors.append(str(error))
    else:
        sys.exit("no address answers: " + "; ".join(errors))
    for task in tries:
        task.cancel()
    await asyncio.gather(*tries, return_exceptions=True)


asyncio.run(main())
