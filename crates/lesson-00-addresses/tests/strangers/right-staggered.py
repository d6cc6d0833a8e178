# Right, another cure: happy eyeballs with threads: the next address is tried when the one before has not answered for 0.2 s.
import queue, socket, sys, threading, time

answers = queue.Queue()


def ask(address):
    try:
        with socket.create_connection((address, int(sys.argv[2])), timeout=5) as sock, sock.makefile() as lines:
            answers.put(lines.readline().strip() or OSError(f"{address} did not greet"))
    except OSError as error:
        answers.put(OSError(f"{address}: {error}"))


addresses = sys.stdin.read().split()
begun, failed = 0, []
while len(failed) < len(addresses):
    if begun < len(addresses):
        threading.Thread(target=ask, args=(addresses[begun],), daemon=True).start()
        begun += 1
    try:
        answer = answers.get(timeout=0.2 if begun < len(addresses) else 6)
    except queue.Empty:
        continue
    if isinstance(answer, str):
        print(answer)
        sys.exit(0)
    failed.append(str(answer))
sys.exit("no address answers: " + "; ".join(failed))
