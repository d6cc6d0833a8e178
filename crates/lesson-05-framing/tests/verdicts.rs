//! Broken breaks in exactly the documented way, fixed holds.

use lab::testing::{Expected, assert_verdicts};

#[test]
fn every_experiment_does_what_is_documented_of_it() {
    assert_verdicts(
        env!("CARGO_BIN_EXE_lesson-05-framing"),
        &[
            Expected {
                name: "split-header",
                breaks: "two bytes of the header passed for all four: length 0, and an empty frame came back",
                holds: "the header came in two pieces and the frame came back whole",
            },
            Expected {
                name: "short-body",
                breaks: "the first 4 of 11 payload bytes passed for the payload, and the next 4 for the length of a frame",
                holds: "the payload came in three pieces and the frame came back whole",
            },
            Expected {
                name: "byte-order",
                breaks: "no frame came back: 00 00 00 03 is 3 in network byte order and 50331648 in that of this machine",
                holds: "00 00 00 03 was read as 3, and the frame came back",
            },
            Expected {
                name: "ran-twice",
                breaks: "the request came twice with the same id, and the tea was ordered twice",
                holds: "the request came twice, the order was taken once, and the reply came after all",
            },
        ],
    );
}
