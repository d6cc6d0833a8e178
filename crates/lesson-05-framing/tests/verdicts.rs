//! Broken breaks in exactly the documented way, fixed holds, and so does the finished program.

use lab::testing::{Expected, assert_finished_holds, assert_two_readings, assert_verdicts};

#[test]
fn every_experiment_does_what_is_documented_of_it() {
    assert_verdicts(
        env!("CARGO_BIN_EXE_lesson-05-framing"),
        &[
            Expected {
                name: "double-count",
                breaks: "3000 bytes announced, 2048 taken: four of the rest passed for the next length, 2038004089",
                holds: "all 3000 bytes were taken, and the next answer begins where the client looks for it",
            },
            Expected {
                name: "length-ack",
                breaks: "1 of the digits 12 passed for the length, and the 2 for the result; 2 round trips for one command",
                holds: "the length came in two pieces and the answer is whole; 1 round trip for one command",
            },
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
                name: "cut-off",
                breaks: "no cut was noticed: frames cut after byte 4, 5 and 6 were answered as if they were whole",
                holds: "all six cuts inside the frame were noticed, and the whole frame came back",
            },
            Expected {
                name: "byte-order",
                breaks: "no frame came back: 00 00 00 03 is 3 in network byte order and 50331648 in that of this machine",
                holds: "00 00 00 03 was read as 3, and the frame came back",
            },
            Expected {
                name: "signed-length",
                breaks: "read as -2147483648 and -1, both lengths passed the maximum, and the server died of asking for so much memory",
                holds: "2147483648 and 4294967295 were refused as too long, and the next client was served",
            },
            Expected {
                name: "huge-length",
                breaks: "four bytes of text, read as the length 1195725856, made the server ask for 1140 MiB",
                holds: "no memory was asked for because of an announcement, and the next client was served",
            },
            Expected {
                name: "two-writes",
                breaks: "the body was written and not sent: it waited until the client's kernel acknowledged the length",
                holds: "no body waited in the server's queue for an acknowledgement of its length",
            },
            Expected {
                name: "char-count",
                breaks: "four characters were announced as length 4 and nine bytes followed: the last five passed for a header",
                holds: "four characters were announced as the nine bytes they take, and both texts came back",
            },
            Expected {
                name: "lost-place",
                breaks: "the payload of the refused frame was read as headers, and a frame inside it was answered: \"delete\"",
                holds: "the frame was refused and the connection closed: nothing in its payload was read",
            },
            Expected {
                name: "timeout-retry",
                breaks: "the two bytes read before the timeout were lost: the next four, 00 05 \"he\", announced 354405 bytes",
                holds: "the server timed out in the middle of a header, and the frame came back whole",
            },
            Expected {
                name: "joined-commands",
                breaks: "two commands in one read ran as one: echo printed \"aecho b\"",
                holds: "both commands came at once and each got its own answer",
            },
            Expected {
                name: "pipe-deadlock",
                breaks: "5 bytes of stderr hid the stdout of the first command; 1 MiB of stdout in the second stopped everything",
                holds: "both streams of both commands came back, 1 MiB of them too",
            },
            Expected {
                name: "ran-twice",
                breaks: "the request came twice with the same id, and the tea was ordered twice",
                holds: "the request came twice, the order was taken once, and the reply came after all",
            },
        ],
    );
}

#[test]
fn the_finished_program_holds_in_every_trap_that_its_wire_has_a_place_for() {
    assert_finished_holds(env!("CARGO_BIN_EXE_lesson-05-framing"));
}

#[test]
fn what_was_meant_and_what_it_is_read_as_stand_side_by_side() {
    let assert = |experiment: &str, rows: &[&str]| {
        assert_two_readings(env!("CARGO_BIN_EXE_lesson-05-framing"), experiment, rows);
    };
    assert("split-header", &["00 00 length 5 (2 of 4) length 0, from 2 of its 4 bytes"]);
    assert("short-body", &["00 00 00 0b length 11 length 11", "\"hell\" payload (4 of 11) payload, all 4 bytes of it"]);
    assert("byte-order", &["00 00 00 03 length 3 length 50331648: too long", "\"abc\" payload not read"]);
    assert("signed-length", &["80 00 00 00 length 2147483648 length -2147483648: below 0"]);
    assert("lost-place", &["00 00 00 1a length 26 length 26: refused"]);
    assert(
        "joined-commands",
        &["\"echo a\" command one command (6 of 12)", "\"echo b\" command one command (6 of 12)"],
    );
    let counted = [
        "00 00 00 04 length: 4 characters length 4",
        "\"价\" e6 text (4 of 9) payload",
        "a0 bc c2 a5 text (4 of 9) length 2696725157",
    ];
    assert("char-count", &counted);
}
