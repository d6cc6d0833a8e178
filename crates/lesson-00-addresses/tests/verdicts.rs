//! Broken breaks in exactly the documented way, fixed holds, and so does the finished program.

use lab::testing::{Expected, assert_finished_holds, assert_verdicts};

const LESSON: &str = env!("CARGO_BIN_EXE_lesson-00-addresses");

#[test]
fn every_experiment_does_what_is_documented_of_it() {
    let expected = &[
        Expected {
            name: "same-network",
            breaks: "172.20.1.1, which is in the network, is turned away, and 172.160.1.1, which is not, is let in",
            holds: "both hosts of the network are let in, both strangers are not",
        },
        Expected {
            name: "name-family",
            breaks: "the client gives up after the first address, and the server never hears of it",
            holds: "nobody answers at the first address, and the client is greeted at the second",
        },
        Expected {
            name: "mapped-address",
            breaks: "127.0.0.1 is blocked, but it comes from ::ffff:127.0.0.1 here: it writes, and all read it",
            holds: "127.0.0.1 may read and is kept from writing, at an IPv6 socket as well",
        },
    ];
    assert_verdicts(LESSON, expected);
}

#[test]
fn the_finished_program_holds_in_every_trap() {
    assert_finished_holds(LESSON);
}
