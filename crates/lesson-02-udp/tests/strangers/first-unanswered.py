# Says hello 100 times, 20 ms apart, and prints that it was answered, without receiving. Wrong: it cannot know that.
import socket, sys, time

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for _ in range(100):
    s.sendto(b"hello", (sys.argv[1], int(sys.argv[2])))
    time.sleep(0.02)
print("hi")
