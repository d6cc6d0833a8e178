//! What the lab does where 127.0.0.1 leads nowhere. Each test has a network of its own (`unshare -n`, network_namespaces(7)),
//! so nothing else on the machine notices.

#![cfg(target_os = "linux")]

use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

const LESSON: &str = env!("CARGO_BIN_EXE_test-lesson");

/// Runs the test lesson with these words in a network that was prepared with this line for the shell. `None`, with the
/// reason printed, where that is not possible.
fn in_a_network_of_its_own(prepare: &str, words: &[&str]) -> Option<Output> {
    // Who may not do it as themselves may still do it as root of a user namespace.
    for options in [&["-n"][..], &["-r", "-n"]] {
        let mut possible = Command::new("unshare");
        possible.args(options).args(["sh", "-c", prepare]).stdin(Stdio::null());
        let possible = possible.output();
        if possible.is_ok_and(|output| output.status.success()) {
            let line = format!("{prepare} && exec \"$0\" \"$@\"");
            let mut command = Command::new("unshare");
            command.args(options).args(["sh", "-c", &line, LESSON]).args(words).stdin(Stdio::null());
            command.env("REHEARSAL_OWN_NETWORK", "yes");
            return Some(command.output().expect("it started a moment ago"));
        }
    }
    println!("skipped: `unshare -n` with `{prepare}` is not possible here");
    None
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// A run must say within a few seconds that 127.0.0.1 cannot be reached, and nothing else.
fn says_that_it_cannot_be_reached(prepare: &str, why: &str) {
    for words in [&["run", "mute"][..], &["run"], &[], &["check", "mute", "--server", "--", "true"]] {
        let begin = Instant::now();
        let Some(output) = in_a_network_of_its_own(prepare, words) else { return };
        let text = text(&output);
        assert!(text.starts_with(&format!("error: 127.0.0.1 cannot be reached: {why}")), "{words:?}: {text}");
        assert_eq!((output.status.code(), text.lines().count()), (Some(1), 1), "{words:?}: {text}");
        assert!(begin.elapsed() < Duration::from_secs(20), "{words:?} took {:?}", begin.elapsed());
    }
}

#[test]
fn a_loopback_interface_that_is_down_is_an_error() {
    says_that_it_cannot_be_reached("true", "");
}

#[test]
fn a_firewall_that_drops_everything_is_an_error() {
    says_that_it_cannot_be_reached("ip link set lo up && iptables -A INPUT -i lo -j DROP", "a connection to itself");
}

#[test]
fn an_interface_that_loses_everything_is_an_error() {
    says_that_it_cannot_be_reached(
        "ip link set lo up && tc qdisc replace dev lo root pfifo limit 0",
        "a connection to itself",
    );
}

#[test]
fn what_needs_no_network_works_without_one() {
    if let Some(output) = in_a_network_of_its_own("true", &["list"]) {
        assert!(output.status.success(), "{}", text(&output));
    }
}

#[test]
fn a_network_of_its_own_is_as_good_as_any() {
    if let Some(output) = in_a_network_of_its_own("ip link set lo up", &["run", "mute", "--fixed"]) {
        assert!(output.status.success() && text(&output).contains("holds: "), "{}", text(&output));
    }
}

/// What comes of a play there is no fault of the programs, nor of the experiment.
#[test]
fn a_line_that_delays_is_the_reason_why_there_is_no_verdict() {
    if !lab::testing::sees_sockets() {
        return;
    }
    let words = ["run", "stranger-without-a-relay", "--fixed"];
    let told = |prepare| in_a_network_of_its_own(prepare, &words).map(|output| text(&output));
    if let Some(fast) = told("ip link set lo up") {
        // A busy machine is a reason too.
        assert!(fast.contains("the client believes a stranger") && !fast.contains("loopback interface"), "{fast}");
    }
    // No packet may be longer than what passes at once.
    let slow = "ip link set lo mtu 1500 && ip link set lo up \
                && tc qdisc replace dev lo root tbf rate 1mbit burst 1600 latency 2s";
    if let Some(slow) = told(slow) {
        let why = "void, the trap could not be laid: this machine's loopback interface delays what is sent by up to";
        assert!(slow.contains(why) && slow.contains("so it came to this: the client believes a stranger"), "{slow}");
    }
}

/// The doors of a relay close although nobody can knock at them any more.
#[test]
fn an_interface_that_goes_down_during_a_play_stops_nobody_for_ever() {
    let begin = Instant::now();
    let words = ["run", "lo-goes-down", "--fixed"];
    if let Some(output) = in_a_network_of_its_own("ip link set lo up", &words) {
        assert!(output.status.success() && text(&output).contains("holds: "), "{}", text(&output));
        assert!(begin.elapsed() < Duration::from_secs(40), "it took {:?}", begin.elapsed());
    }
}
