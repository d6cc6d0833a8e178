"""Prints what it is typed and never connects."""
import sys
for line in sys.stdin:
    print(line, end="", flush=True)
