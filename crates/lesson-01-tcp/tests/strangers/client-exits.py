# Mistake: ends with an error before it has made a socket.
import sys

sys.exit("error: connection refused")
