//! What becomes of the fixed servers under what befalls any server sooner or later.
#![cfg(target_os = "linux")]

use lab::testing::assert_fixed_servers_fare;

#[test]
fn each_fixed_server_fares_as_it_is_written_down() {
    assert_fixed_servers_fare(env!("CARGO_BIN_EXE_lesson-00-addresses"), &[]);
}
