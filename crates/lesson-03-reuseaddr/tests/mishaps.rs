//! What becomes of the fixed servers under what befalls any server sooner or later.
#![cfg(target_os = "linux")]

use lab::testing::{Mishap, Outcome, assert_fixed_servers_fare};

const ONE: &str = "it serves one client and ends, and here that one goes without its six bytes: an error";

#[test]
fn each_fixed_server_fares_as_it_is_written_down() {
    assert_fixed_servers_fare(
        env!("CARGO_BIN_EXE_lesson-03-reuseaddr"),
        &[
            (
                Mishap::NoDescriptors,
                Outcome::Ends,
                &["after-bind", "inherited-listener", "linger-zero", "restart"],
                ONE,
            ),
            (Mishap::Resets, Outcome::Ends, &["after-bind", "inherited-listener", "linger-zero", "restart"], ONE),
            (Mishap::Stop, Outcome::Ends, &["after-bind", "inherited-listener", "linger-zero", "restart"], ONE),
        ],
    );
}
