//! Broken breaks in exactly the documented way, fixed holds.

use lab::testing::{Expected, assert_verdicts};

#[test]
fn every_experiment_does_what_is_documented_of_it() {
    assert_verdicts(
        env!("CARGO_BIN_EXE_lesson-04-sticky"),
        &[
            Expected {
                name: "joined",
                breaks: "two sends came in one read and passed for one message",
                holds: "both messages came in one read, and the newlines told them apart",
            },
            Expected {
                name: "divided",
                breaks: "one send of 9 bytes was read as two messages, of 2 bytes and of 7",
                holds: "the message was put together again, however much one read gave",
            },
            Expected {
                name: "nodelay-myth",
                breaks: "with TCP_NODELAY on, two sends came in one read and passed for one message",
                holds: "both messages came in one read, and the newlines told them apart",
            },
            Expected {
                name: "sleep-myth",
                breaks: "in spite of the pause, two sends came in one read and passed for one message",
                holds: "both messages came in one read, and the newlines told them apart",
            },
            Expected {
                name: "bigger-buffer-myth",
                breaks: "the first 3 bytes of a message passed for a message, in a buffer with room for all of it",
                holds: "the message came in two pieces and was put together again at its newline",
            },
        ],
    );
}
