//! Broken breaks in exactly the documented way, fixed holds, and so does the finished program.

use lab::testing::{Expected, assert_finished_holds, assert_two_readings, assert_verdicts};

#[test]
fn every_experiment_does_what_is_documented_of_it() {
    assert_verdicts(
        env!("CARGO_BIN_EXE_lesson-04-sticky"),
        &[
            Expected {
                name: "joined",
                breaks: "two sends came in one read and passed for one message",
                holds: "both messages came in one read, and the newlines told them apart",
            },
            Expected {
                name: "divided",
                breaks: "one send of 9 bytes was read as two messages, of 2 bytes and of 7",
                holds: "the message was put together again, however much one read gave",
            },
            Expected {
                name: "nodelay-myth",
                breaks: "with TCP_NODELAY on, two sends came in one read and passed for one message",
                holds: "both messages came in one read, and the newlines told them apart",
            },
            Expected {
                name: "sleep-myth",
                breaks: "in spite of the pause, two sends came in one read and passed for one message",
                holds: "both messages came in one read, and the newlines told them apart",
            },
            Expected {
                name: "bigger-buffer-myth",
                breaks: "the first 3 bytes of a message passed for a message, in a buffer with room for all of it",
                holds: "the message came in two pieces and was put together again at its newline",
            },
            Expected {
                name: "forgotten-rest",
                breaks: "one read gave two messages; the second was thrown away, and nobody was told of an error",
                holds: "one read gave two messages; the second was kept until it was its turn",
            },
            Expected {
                name: "endless-line",
                breaks: "a line without an end is kept in memory for as long as its sender likes",
                holds: "the line was refused when it was too long, and the next client was served",
            },
            Expected {
                name: "two-readers",
                breaks: "the server waits for bytes that it has: the reader of the length took the message as well",
                holds: "lengths and messages came in one piece, and one reader took all of them",
            },
            Expected {
                name: "every-cut",
                breaks: "one read was one message in 1 of the 1024 ways to cut 11 bytes: \
                         the only cut was behind the first newline",
                holds: "both messages were told apart in all of the 1024 ways to cut 11 bytes",
            },
            Expected {
                name: "datagrams-keep",
                breaks: "UDP kept the messages apart, but what had no room in the buffer never came: llo and g are lost",
                holds: "two sends were two datagrams and two receives: UDP keeps messages apart",
            },
            Expected {
                name: "unix-stream-sticks",
                breaks: "without TCP and without Nagle, two sends came in one read and passed for one message",
                holds: "the newlines told the messages apart, whatever one read gave",
            },
        ],
    );
}

#[test]
fn the_finished_program_holds_in_every_trap_that_its_wire_has_a_place_for() {
    assert_finished_holds(env!("CARGO_BIN_EXE_lesson-04-sticky"));
}

#[test]
fn what_was_meant_and_what_it_is_read_as_stand_side_by_side() {
    assert_two_readings(
        env!("CARGO_BIN_EXE_lesson-04-sticky"),
        "forgotten-rest",
        &["\"hello\" 0a line line", "\"egg\" 0a line thrown away"],
    );
}
