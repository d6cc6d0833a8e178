//! Broken breaks in exactly the documented way, fixed holds, and so does the finished program.

use lab::testing::{Expected, assert_finished_holds, assert_two_readings, assert_verdicts};

const LESSON: &str = env!("CARGO_BIN_EXE_lesson-01-tcp");

#[test]
fn every_experiment_does_what_is_documented_of_it() {
    let expected: &[Expected] = &[
        Expected {
            name: "one-call",
            breaks: "the second client was refused: the listener was closed as soon as the first client was accepted",
            holds: "the second client waited for its turn and was answered",
        },
        Expected {
            name: "hang-up",
            breaks: "the server read the end of the first stream again and again, and never served another client",
            holds: "the end of the first stream ended the conversation, and the next client was served",
        },
        Expected {
            name: "reset",
            breaks: "a client reset its connection, the server ended with that error, and the next client was refused",
            holds: "two clients reset their connections, and the next one was served",
        },
        Expected {
            name: "empty-message",
            breaks: "the empty line put nothing on the wire: the client waits for an answer, and the server for a question",
            holds: "the empty line was not sent, and nobody waited for an answer to it",
        },
        Expected {
            name: "one-late",
            breaks: "a part of the first answer passed for all of it, and every later answer belonged to the line before",
            holds: "each answer was read to its end, and the client left when it had the last one",
        },
        Expected {
            name: "half-close",
            breaks: "both wait forever: the server for the end of the text, the client for the end of the answer",
            holds: "the client ended its own direction, and the answer came through the other",
        },
        Expected {
            name: "closed-too-much",
            breaks: "the server answered, and the client had closed that direction too: its kernel refused the answer",
            holds: "the client ended one direction, and took the answer from the other",
        },
        Expected {
            name: "both-write-first",
            breaks: "each waits for the other to read, and both are still writing",
            holds: "the client read while it wrote, and 64 MiB went in each direction",
        },
        Expected {
            name: "write-ok",
            breaks: "the server took one message, the client called two delivered: only the write after that failed",
            holds: "the second message was not acknowledged, and the client said so",
        },
        Expected {
            name: "unread-data",
            breaks: "the server closed with unread bytes: that reset the connection and threw away the answer",
            holds: "the page came whole: the server did not close while bytes of the request lay unread",
        },
        Expected {
            name: "part-write",
            breaks: "the write took a part of the page, said so in its result, and the rest was never sent",
            holds: "the whole page came, although the client read nothing until the kernel had no room left",
        },
        Expected {
            name: "slow-reader",
            breaks: "one client does not read: the write to it waits without end, and so does everybody",
            holds: "the one who did not read was dropped at the deadline, and the others went on",
        },
        Expected {
            name: "split-character",
            breaks: "each half of é was decoded for itself, and two replacement characters came back",
            holds: "the first byte of é waited for the second, and CAFÉ came back",
        },
        Expected {
            name: "wrong-encoding",
            breaks: "the client sent UTF-8, 6 bytes: the server read three other characters out of them, without an error",
            holds: "the client sent GBK, 4 bytes, and the server read the text that was typed",
        },
        Expected {
            name: "ignored-connect",
            breaks: "the client went on without a connection, and a later call failed with an error that says nothing of it",
            holds: "the client ended where it was refused, and said so",
        },
        Expected {
            name: "full-queue",
            breaks: "the queue is full, the client's SYN is dropped, and connect has no deadline",
            holds: "connect gave up at its deadline, and the client said so",
        },
        Expected {
            name: "silent-peer",
            breaks: "the server waits for a peer that says nothing, and the next client waits with it",
            holds: "the server closed the silent connection at its deadline and served the next client",
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
        "split-character",
        &["\"caf\" \"caf\" \"caf\"", "c3 é (1 of 2) � (no UTF-8)", "a9 é (1 of 2) � (no UTF-8)"],
    );
    assert_two_readings(
        LESSON,
        "wrong-encoding",
        &["e6 95 数 (2 of 3) 鏁", "b0 数 (1 of 3) 版 (1 of 2)", "e6 据 (1 of 3) 版 (1 of 2)", "8d ae 据 (2 of 3) 嵁"],
    );
}
