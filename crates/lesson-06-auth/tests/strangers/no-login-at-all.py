# Wrong: nobody is asked who they are; whatever comes goes back in upper case.
from login_wire import echo, one_by_one

one_by_one(echo)
