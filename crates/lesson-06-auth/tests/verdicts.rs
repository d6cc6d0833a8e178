//! Broken breaks in exactly the documented way, fixed holds, and so does the finished program.

use std::process::Command;

use lab::testing::{Expected, Server, assert_finished_holds, assert_two_readings, assert_verdicts, text};

const LESSON: &str = env!("CARGO_BIN_EXE_lesson-06-auth");

#[test]
fn every_experiment_does_what_is_documented_of_it() {
    let expected: &[Expected] = &[
        Expected {
            name: "no-login",
            breaks: "a stranger without a key was served",
            holds: "the stranger got a challenge, had no answer to it and was not served",
        },
        Expected {
            name: "password-in-clear",
            breaks: "the secret crossed the wire, and whoever had heard it was served",
            holds: "the secret did not cross the wire, and what was heard of the login opened nothing",
        },
        Expected {
            name: "fixed-challenge",
            breaks: "the same challenge came twice, and the answer that was recorded the first time opened the door",
            holds: "the challenge was another one, and the recorded answer opened nothing",
        },
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
            name: "early-compare",
            breaks: "8192 guesses found a tag of 32 bytes: the work told when one more byte was right",
            holds: "every wrong tag made the same work, and none was found",
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
            name: "silent-client",
            breaks: "a stranger said nothing, and nobody else was served",
            holds: "a client was silent in its login, and the next one was served meanwhile",
        },
        Expected {
            name: "big-before-login",
            breaks: "a stranger without a key had the server take 16 MiB, in place of 32 bytes",
            holds: "the length was too long for a login, and the connection ended before anything followed",
        },
        Expected {
            name: "telling-errors",
            breaks: "the answers told a stranger which names have an account: alice and bob",
            holds: "a wrong key and an unknown name got the same answer: no name was learnt",
        },
        Expected {
            name: "after-login",
            breaks: "a third party spoke as the client: STEAL was never its order, and one hello was answered twice",
            holds: "an order that was not the client's was refused, and so was one that was repeated",
        },
        Expected {
            name: "wrong-key",
            breaks: "the server closed without a word: a wrong key looks like a server that has crashed",
            holds: "one byte said that the login was refused, and the client knew it",
        },
        Expected {
            name: "no-scheme",
            breaks: "the challenge passed for the answer to hello, and nobody said that a login is needed",
            holds: "the first bytes were words, and the client showed them: log in first",
        },
        Expected {
            name: "never-closed",
            breaks: "logins were refused, and the connections stayed open: each costs the server a descriptor for good",
            holds: "the server closed every connection that it had refused",
        },
        Expected {
            name: "one-key-for-all",
            breaks: "another client proved with its key that it is the server, and was told all",
            holds: "the key of another client proved nothing, and the rogue was told nothing",
        },
        Expected {
            name: "lost-ending",
            breaks: "the server took the first line for the whole order, DELETE ALL",
            holds: "the whole order was carried out, and the one that was cut off was not",
        },
    ];
    assert_verdicts(LESSON, expected);
}

#[test]
fn the_finished_program_holds_in_every_trap() {
    assert_finished_holds(LESSON);
}

#[test]
fn a_silent_client_is_sent_away_in_the_end() {
    let server = Server::start(Command::new(LESSON).args(["serve", "silent-client", "--addr", "127.0.0.1:0"]));
    let address = server.address.to_string();
    let attack = Command::new(LESSON).args(["attack", "silent-client", "--addr", &address]).output().expect("it runs");
    assert_eq!(text(&attack.stdout), "asked, and silent\n");
    assert!(text(&attack.stderr).contains("did not wait any longer"), "{attack:?}");
    assert_eq!(attack.status.code(), Some(1));
}

#[test]
fn what_was_meant_and_what_it_is_read_as_stand_side_by_side() {
    assert_two_readings(
        LESSON,
        "split-digest",
        &[
            "first half of the digest the digest, a wrong one",
            "second half of the digest not read (16 of 21)",
            "\"hello\" text not read (5 of 21)",
        ],
    );
}
