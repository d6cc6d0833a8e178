# Menu, threads, right: two descriptors for each client; where the second is missing, this client is told so and closed.
import os, socket, sys, threading, time
def menu(conn, answers):
    try:
        with conn, answers:
            answers.write("我是多线程".encode())
            while True:
                data = conn.recv(1024)
                if not data or data == b"exit":
                    return
                answers.write(("您输入的是0" if data == b"0" else "请重新输入.").encode())
    except OSError as error:
        print(error, file=sys.stderr)
listener = socket.create_server((sys.argv[1], int(sys.argv[2])), backlog=128)
while True:
    try:
        conn, _ = listener.accept()
    except OSError as error:
        print(error, file=sys.stderr)
        time.sleep(0.1)
        continue
    try:
        answers = os.fdopen(os.dup(conn.fileno()), "wb", buffering=0)
        threading.Thread(target=menu, args=(conn, answers), daemon=True).start()
    except (OSError, RuntimeError) as error:
        print(error, file=sys.stderr)
        try:
            conn.sendall(b"server full, try again later\n")
        except OSError:
            pass
        conn.close()
