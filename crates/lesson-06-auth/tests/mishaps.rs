//! What becomes of the fixed servers under what befalls any server sooner or later.
#![cfg(target_os = "linux")]

use lab::testing::{Mishap, Outcome, assert_fixed_servers_fare};

const ACCEPT: &str = "its accept loop ends with any error of accept: see no-descriptors in lesson 07; it has 64 places, far below the usual limit";
const EINTR: &str =
    "one read of it has a timeout and is not begun again (EINTR); read_exact and the like begin it again by themselves";

#[test]
fn each_fixed_server_fares_as_it_is_written_down() {
    assert_fixed_servers_fare(
        env!("CARGO_BIN_EXE_lesson-06-auth"),
        &[
            (Mishap::NoDescriptors, Outcome::Ends, &["never-closed", "silent-client"], ACCEPT),
            (Mishap::Stop, Outcome::LosesTheClient, &["early-compare", "silent-client"], EINTR),
        ],
    );
}
