//! Broken breaks in exactly the documented way, fixed holds, and so does the finished program.

use lab::testing::{Expected, assert_finished_holds, assert_verdicts};

#[test]
fn every_experiment_does_what_is_documented_of_it() {
    assert_verdicts(
        env!("CARGO_BIN_EXE_lesson-03-reuseaddr"),
        &[
            Expected {
                name: "restart",
                breaks: "the server cannot start again: its own last connection, in TIME-WAIT, keeps the port",
                holds: "the server started again at once and greeted the next client",
            },
            Expected {
                name: "only-the-new-one",
                breaks: "today's server sets the option and is refused: the connection that yesterday's left behind lacks it",
                holds: "both versions set the option, and today's took over at once",
            },
            Expected {
                name: "after-bind",
                breaks: "the option was set after bind: too late for this bind, which had been refused by then",
                holds: "the option was set before bind, and the server started again at once",
            },
            Expected {
                name: "two-servers",
                breaks: "two servers share the address unnoticed, and each greeted somebody as number 1",
                holds: "the second server was refused although it set SO_REUSEADDR; the first served everybody",
            },
            Expected {
                name: "linger-zero",
                breaks: "closing threw away what the client had not taken yet, and reset the connection",
                holds: "the kernel sent the rest after the server had closed, and the client got everything",
            },
            Expected {
                name: "who-closes-first",
                breaks: "the server closed first every time, and all the TIME-WAIT piles up at its port",
                holds: "the server let the client close first, and each client took the TIME-WAIT along",
            },
            Expected {
                name: "ports-run-out",
                breaks: "every hello took a port of its own, and for the fifth there was none left",
                holds: "one connection was enough for all five, and so was one port",
            },
            Expected {
                name: "self-connect",
                breaks: "the client spoke to itself, and now keeps the server from its own port",
                holds: "the client noticed that it had found itself, and was greeted when the server was back",
            },
            Expected {
                name: "borrowed-port",
                breaks: "the test gave the port back, and another program had it when the test came for it",
                holds: "the test kept its listener open, and the other program was refused",
            },
            Expected {
                name: "inherited-listener",
                breaks: "the server has ended, and a child of it still listens at its address",
                holds: "the child did not get the listener, so the port was free when the server had ended",
            },
        ],
    );
}

#[test]
fn the_finished_program_holds_in_every_trap_that_its_wire_has_a_place_for() {
    assert_finished_holds(env!("CARGO_BIN_EXE_lesson-03-reuseaddr"));
}
