# Menu on asyncio; the mistake: a blocking recv in a coroutine keeps the whole loop waiting.
import asyncio, socket, sys
async def menu(conn):
    with conn:
        conn.sendall("我是多线程".encode())
        while True:
            data = conn.recv(1024)
            if not data or data == b"exit":
                return
            conn.sendall(("您输入的是0" if data == b"0" else "请重新输入.").encode())
async def main():
    listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
    listener.setblocking(False)
    loop, tasks = asyncio.get_running_loop(), set()
    while True:
        conn, _ = await loop.sock_accept(listener)
        conn.setblocking(True)
        task = asyncio.create_task(menu(conn))
        tasks.add(task)
        task.add_done_callback(tasks.discard)
asyncio.run(main())
