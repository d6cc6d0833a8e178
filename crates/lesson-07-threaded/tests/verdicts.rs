//! Broken breaks in exactly the documented way, fixed holds, and so does the finished program.

use lab::testing::{Expected, assert_finished_holds, assert_two_readings, assert_verdicts};

const LESSON: &str = env!("CARGO_BIN_EXE_lesson-07-threaded");

#[test]
fn every_experiment_does_what_is_documented_of_it() {
    let expected: &[Expected] = &[
        Expected {
            name: "one-at-a-time",
            breaks: "the first client says nothing, and the second one is not even greeted",
            holds: "the first client said nothing, and the second one was served meanwhile",
        },
        Expected {
            name: "flooded",
            breaks: "after the end of the stream came a thousand answers to nothing, and more would have come",
            holds: "the end of the stream was the end of the conversation, for the server too",
        },
        Expected {
            name: "exact-words",
            breaks: "two commands in one piece and one in two pieces: the server took each piece for a wrong command",
            holds: "two commands in one piece and one in two pieces: the server found each by its newline",
        },
        Expected {
            name: "joined-greeting",
            breaks: "greeting and first answer came in one read: the client waits for an answer that it has already read",
            holds: "greeting and first answer came at once, and the client took each for what it was",
        },
        Expected {
            name: "no-limit",
            breaks: "one client more than there was room for, and the server ended for all of them",
            holds: "the client for whom there was no room was told so, and the others were served",
        },
        Expected {
            name: "one-panic",
            breaks: "one client sent a byte that is no text, and from then on nobody's command was answered",
            holds: "one client sent a byte that is no text, and the others were served",
        },
        Expected {
            name: "no-descriptors",
            breaks: "no descriptor was left for a client that waits, and the server called accept again without a pause",
            holds: "the server paused until a descriptor was free, and served the client that waited",
        },
        Expected {
            name: "accept-unwrap",
            breaks: "a connection was reset before it was accepted: the server ended, and every conversation with it",
            holds: "a connection was reset before it was accepted, and everybody else was served",
        },
        Expected {
            name: "slow-loris",
            breaks: "a name that took more than twice the limit was waited for: each byte began a new wait",
            holds: "a client that sent a byte now and then was closed when its time was over",
        },
        Expected {
            name: "cannot-stop",
            breaks: "the server was asked to stop, has nothing left to do, and waits for the next client",
            holds: "the server was asked to stop, answered the sum that was begun, and ended",
        },
        Expected {
            name: "lost-count",
            breaks: "two clients bought, and both hold ticket 1: the second sale overwrote the first",
            holds: "two clients bought, one after the other, and hold the tickets 1 and 2",
        },
        Expected {
            name: "restart",
            breaks: "the server cannot start again: a client that has not noticed its end still holds the session",
            holds: "the server started again at once, beside a session that its client still holds",
        },
    ];
    assert_verdicts(LESSON, expected);
}

#[test]
fn the_finished_program_holds_in_every_trap() {
    assert_finished_holds(LESSON);
}

#[test]
fn what_was_meant_and_what_it_is_read_as_stand_side_by_side() {
    assert_two_readings(
        LESSON,
        "exact-words",
        &[
            "30 0a 0 another word (2 of 4)",
            "30 0a 0 another word (2 of 4)",
            "\"ex\" exit (2 of 5) another word",
            "\"it\" 0a exit (3 of 5) another word",
        ],
    );
    assert_two_readings(
        LESSON,
        "joined-greeting",
        &["\"我是多线程\" greeting greeting (15 of 31)", "\"您输入的是0\" you have entered 0 greeting (16 of 31)"],
    );
}
