//! Broken breaks in exactly the documented way, fixed holds.

use lab::testing::{Expected, assert_verdicts};

#[test]
fn every_experiment_does_what_is_documented_of_it() {
    assert_verdicts(
        env!("CARGO_BIN_EXE_lesson-04-sticky"),
        &[Expected {
            name: "joined",
            breaks: "two sends came in one read and passed for one message",
            holds: "both messages came in one read, and the newlines told them apart",
        }],
    );
}
