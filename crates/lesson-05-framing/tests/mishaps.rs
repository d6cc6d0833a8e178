//! What becomes of the fixed servers under what befalls any server sooner or later.
#![cfg(target_os = "linux")]

use lab::testing::{Mishap, Outcome, assert_fixed_servers_fare};

const EINTR: &str =
    "one read of it has a timeout and is not begun again (EINTR); read_exact and the like begin it again by themselves";
const LOG: &str =
    "println! panics where nobody reads: a log is no reason to end, and the finished server's log drops the line";

#[test]
fn each_fixed_server_fares_as_it_is_written_down() {
    assert_fixed_servers_fare(
        env!("CARGO_BIN_EXE_lesson-05-framing"),
        &[
            (
                Mishap::Stop,
                Outcome::LosesTheClient,
                &[
                    "char-count",
                    "joined-commands",
                    "length-ack",
                    "lost-place",
                    "pipe-deadlock",
                    "ran-twice",
                    "split-header",
                    "timeout-retry",
                    "two-writes",
                ],
                EINTR,
            ),
            (Mishap::NoReader, Outcome::Ends, &["ran-twice", "timeout-retry"], LOG),
        ],
    );
}
