//! Broken breaks in exactly the documented way, fixed holds, and so does the finished program.

use lab::testing::{Expected, assert_finished_holds, assert_verdicts};

const LESSON: &str = env!("CARGO_BIN_EXE_lesson-06-auth");

#[test]
fn every_experiment_does_what_is_documented_of_it() {
    let expected: &[Expected] = &[
        Expected {
            name: "reflection",
            breaks: "the answer of one client passed for that of the server, and the rogue was told all",
            holds: "the answer of another client was refused, and the rogue was told nothing",
        },
        Expected {
            name: "short-tag",
            breaks: "a tag of 0 bytes opened the server to somebody who does not have the key",
            holds: "the whole tag of the client was taken, and a tag of 0 bytes was refused",
        },
        Expected {
            name: "glued-fields",
            breaks: "100 to account 77 was ordered, and 7100 to account 7 was paid, under the same tag",
            holds: "the honest order was paid, and the one with the moved boundary was refused",
        },
        Expected {
            name: "split-digest",
            breaks: "half of the right digest passed for a wrong one: a client with the key was refused",
            holds: "the digest came in two pieces, and the client was let in",
        },
        Expected {
            name: "wrong-key",
            breaks: "the server closed without a word: a wrong key looks like a server that has crashed",
            holds: "one byte said that the login was refused, and the client knew it",
        },
        Expected {
            name: "one-key-for-all",
            breaks: "another client proved with its key that it is the server, and was told all",
            holds: "the key of another client proved nothing, and the rogue was told nothing",
        },
    ];
    assert_verdicts(LESSON, expected);
}

#[test]
fn the_finished_program_holds_in_every_trap() {
    assert_finished_holds(LESSON);
}
