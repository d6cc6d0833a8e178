//! Programs that strangers might write, each with the verdict it must get. They take minutes, so they run by themselves:
//! `cargo test -p lesson-01-tcp --test strangers -- --ignored`.

use lab::testing::{
    Exception, Unneeded, assert_strangers, assert_trivial_programs_do_not_hold, assert_twins_as_strangers,
};

const LESSON: &str = env!("CARGO_BIN_EXE_lesson-01-tcp");
const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/strangers");

/// Rules that no program violates alone, and why: experiment, side, rule, reason.
const UNNEEDED: &[Unneeded] = &[
    (
        "half-close",
        "client",
        "ends",
        "the server answers nothing before the client's end, so whoever does not end waits",
    ),
    (
        "closed-too-much",
        "client",
        "ends",
        "the server answers nothing before the client's end, so whoever does not end waits",
    ),
    ("slow-reader", "server", "served", "whoever does not get its messages back waits for them"),
];
/// Twins that rightly get another verdict than their kind when a stranger has written them.
const TWINS: &[Exception] = &[];
const ECHO: &str = "its wire is an echo of any bytes, to one client after the other: this is a whole server for it";
/// Programs that do nothing right elsewhere and are right here.
const RIGHT: &[Exception] = &[
    ("one-call", "server", "raw-echo.py", ECHO),
    ("one-call", "server", "raw-echo-threads.py", ECHO),
    ("hang-up", "server", "raw-echo.py", ECHO),
    ("hang-up", "server", "raw-echo-threads.py", ECHO),
    ("reset", "server", "raw-echo.py", ECHO),
    ("reset", "server", "raw-echo-threads.py", ECHO),
];

#[test]
#[ignore = "takes minutes"]
fn every_stranger_gets_the_right_verdict() {
    assert_strangers(LESSON, FOLDER, UNNEEDED);
}

#[test]
#[ignore = "takes minutes"]
fn the_twins_are_judged_as_if_a_stranger_had_written_them() {
    assert_twins_as_strangers(LESSON, TWINS);
}

#[test]
#[ignore = "takes minutes"]
fn a_program_that_does_nothing_right_holds_nowhere() {
    assert_trivial_programs_do_not_hold(LESSON, RIGHT);
}
