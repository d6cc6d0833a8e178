//! Programs that strangers might write, each with the verdict it must get. They take minutes, so they run by themselves:
//! `cargo test -p lesson-04-sticky --test strangers -- --ignored`.

use lab::testing::{
    Exception, Unneeded, assert_strangers, assert_trivial_programs_do_not_hold, assert_twins_as_strangers,
};

const LESSON: &str = env!("CARGO_BIN_EXE_lesson-04-sticky");
const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/strangers");

/// Rules that no program violates alone, and why: experiment, side, rule, reason.
const UNNEEDED: &[Unneeded] = &[];
/// Twins that rightly get another verdict than their kind when a stranger has written them.
const TWINS: &[Exception] = &[];
/// Programs that do nothing right elsewhere and are right here.
const RIGHT: &[Exception] = &[];

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
