# Ends with an error before it has sent anything. Wrong: it notices nothing.
import sys

sys.exit("not ready yet")
