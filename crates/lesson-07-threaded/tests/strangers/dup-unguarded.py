# Menu, threads; the mistake: each client costs two descriptors, and the dup in the loop of accept is not guarded.
import os, socket, sys, threading, time
def menu(conn, answers):
    with conn, answers:
        answers.write("我是多线程".encode())
        while True:
            data = conn.recv(1024)
            if not data or data == b"exit":
                return
            answers.write(("您输入的是0" if data == b"0" else "请重新输入.").encode())
listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    try:
        conn, _ = listener.accept()
    except OSError as error:
        print(error, file=sys.stderr)
        time.sleep(0.1)
        continue
    answers = os.fdopen(os.dup(conn.fileno()), "wb", buffering=0)
    threading.Thread(target=menu, args=(conn, answers), daemon=True).start()
