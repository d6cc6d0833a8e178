# Menu on asyncio; the mistake: all conversations in one gather: the first exception ends main(), and with it all of them.
import asyncio, socket, sys
async def menu(loop, conn):
    with conn:
        await loop.sock_sendall(conn, "我是多线程".encode())
        while True:
            word = (await loop.sock_recv(conn, 1024)).decode()
            if word in ("", "exit"):
                return
            await loop.sock_sendall(conn, ("您输入的是0" if word == "0" else "请重新输入.").encode())
async def main():
    loop = asyncio.get_running_loop()
    listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
    listener.setblocking(False)
    tasks = {asyncio.create_task(loop.sock_accept(listener))}
    while True:
        done, tasks = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            if task.result():
                tasks.add(asyncio.create_task(menu(loop, task.result()[0])))
                tasks.add(asyncio.create_task(loop.sock_accept(listener)))
asyncio.run(main())
