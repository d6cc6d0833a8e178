# Menu client; the mistake: it sends everything, prints the texts that it expects, and never looks at what came.
import socket, sys
sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
print("greeting: 我是多线程")
for line in sys.stdin:
    sock.sendall(line.rstrip("\n").encode())
    print("answer:", "您输入的是0" if line == "0\n" else "请重新输入.")
