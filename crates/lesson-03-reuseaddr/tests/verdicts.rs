//! Broken breaks in exactly the documented way, fixed holds.

use lab::testing::{Expected, assert_verdicts};

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
        ],
    );
}
