# Mistake: prints the greeting without any server; nobody listens, and nobody is asked.
import sys

print(f"my server will be at {sys.argv[1]}:28765", flush=True)
sys.stdin.readline()
print("hi", flush=True)
