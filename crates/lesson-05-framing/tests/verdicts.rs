//! Broken breaks in exactly the documented way, fixed holds.

use lab::testing::{Expected, assert_verdicts};

#[test]
fn every_experiment_does_what_is_documented_of_it() {
    assert_verdicts(
        env!("CARGO_BIN_EXE_lesson-05-framing"),
        &[Expected {
            name: "split-header",
            breaks: "two bytes of the header passed for all four: length 0, and an empty frame came back",
            holds: "the header came in two pieces and the frame came back whole",
        }],
    );
}
