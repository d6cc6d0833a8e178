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
        env!("CARGO_BIN_EXE_lesson-04-sticky"),
        &[
            (Mishap::Stop, Outcome::LosesTheClient, &["divided", "every-cut", "forgotten-rest", "joined"], EINTR),
            (
                Mishap::NoReader,
                Outcome::Ends,
                &[
                    "bigger-buffer-myth",
                    "divided",
                    "endless-line",
                    "forgotten-rest",
                    "joined",
                    "nodelay-myth",
                    "sleep-myth",
                    "two-readers",
                ],
                LOG,
            ),
        ],
    );
}
