# Wrong: it closes every connection at once, so nobody without the key gets in, and nobody with it either.
from login_wire import one_by_one

one_by_one(lambda conn: None)
