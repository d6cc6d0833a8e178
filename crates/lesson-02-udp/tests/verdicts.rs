//! Broken breaks in exactly the documented way, fixed holds, and so does the finished program.

use lab::testing::{Expected, assert_finished_holds, assert_two_readings, assert_verdicts};

const LESSON: &str = env!("CARGO_BIN_EXE_lesson-02-udp");

#[test]
fn every_experiment_does_what_is_documented_of_it() {
    let expected: &[Expected] = &[
        Expected {
            name: "too-big",
            breaks: "the largest datagram was sent, one byte more was an error, and the client ended before its last line",
            holds: "a line that is too long for a datagram did not stop the client: the next one was sent",
        },
        Expected {
            name: "empty-datagram",
            breaks: "a datagram without bytes passed for the end, and the server is gone: anybody can send one",
            holds: "the datagram without bytes was sent back like any other, and the server lives",
        },
        Expected {
            name: "doubled-and-swapped",
            breaks: "two lines changed places and one came twice, and so they stand in the text: roses red red are",
            holds: "two lines changed places and one came twice, and the text has each line once and in its place",
        },
        Expected {
            name: "wrong-source",
            breaks: "asked at 127.0.0.2, the server answered from 127.0.0.1, which the client never asked",
            holds: "asked at 127.0.0.2, the server answered from 127.0.0.2",
        },
        Expected {
            name: "client-first",
            breaks: "the datagram came before the server and was lost, and now both wait for ever",
            holds: "the first datagram was lost, the client asked again, and the server answered",
        },
        Expected {
            name: "gbk",
            breaks: "the two characters came as four bytes of GBK, and taken for UTF-8 they are four replacement characters",
            holds: "the four bytes were taken for what they are, GBK, and both characters came out",
        },
        Expected {
            name: "echo-loop",
            breaks: "one forged datagram, and two servers answer each other until the lab cuts them off after 10",
            holds: "the forged question was answered, and the answer was not: after two datagrams all is quiet",
        },
        Expected {
            name: "lost-reply",
            breaks: "the answer was lost, nobody said so, and the client waits for it for ever",
            holds: "the answer was lost, the client asked again after a while, and both questions were answered",
        },
        Expected {
            name: "cut-datagram",
            breaks: "of 1100 bytes 1024 were received, the other 76 are gone, and the next receive gave the next datagram",
            holds: "a datagram of 1100 bytes was received whole, and so was the next",
        },
        Expected {
            name: "dead-port",
            breaks: "the server has gone, and the client waits for its answer for ever: it was not told that nobody has the port",
            holds: "the server has gone, and the client was told: nobody has the port",
        },
        Expected {
            name: "late-error",
            breaks: "the server is back, and the client gave up: it was told of an earlier line, and did not send this one",
            holds: "the error was about a line that found nobody: the client sent again, and the server has the next line",
        },
        Expected {
            name: "anyone-can-stop-it",
            breaks: "a stranger sent exit, and the server ended: it is gone for every client",
            holds: "a stranger sent exit, and the server went on: the next client was answered",
        },
        Expected {
            name: "stranger",
            breaks: "the client took a stranger's datagram for its answer, and sent the next line to the stranger",
            holds: "a stranger's datagram lay before the answer, and the client took only the server's",
        },
        Expected {
            name: "overflow",
            breaks: "only the first few pieces arrived, the buffer was full for the others, and the client was not told",
            holds: "the client waited for acknowledgements, and every piece arrived",
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
        "gbk",
        &[
            "ca 数 (1 of 2) � (no UTF-8)",
            "fd 数 (1 of 2) � (no UTF-8)",
            "be 据 (1 of 2) � (no UTF-8)",
            "dd 据 (1 of 2) � (no UTF-8)",
        ],
    );
    assert_two_readings(
        LESSON,
        "cut-datagram",
        &["text (1024 of 1100) text", "text (76 of 1100) thrown away", "\"egg\" text text"],
    );
}
