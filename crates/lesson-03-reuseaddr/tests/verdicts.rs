//! Broken breaks in exactly the documented way, fixed holds.

use lab::testing::{Expected, assert_verdicts};

#[test]
fn every_experiment_does_what_is_documented_of_it() {
    assert_verdicts(
        env!("CARGO_BIN_EXE_lesson-03-reuseaddr"),
        &[Expected {
            name: "restart",
            breaks: "the server cannot start again: its own last connection, in TIME-WAIT, keeps the port",
            holds: "the server started again at once and greeted the next client",
        }],
    );
}
