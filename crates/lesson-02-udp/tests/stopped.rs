//! A machine that is suspended for a moment, or a container that is frozen, changes no verdict: the play is performed again.
#![cfg(target_os = "linux")]

use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use lab::testing::{text, until};

#[test]
fn a_machine_that_stops_for_a_moment_changes_no_verdict() {
    let mut run = Command::new(env!("CARGO_BIN_EXE_lesson-02-udp"));
    // Its client waits in a read that has a timeout, and ends with any error of it.
    run.args(["run", "lost-reply", "--fixed"]).stdin(Stdio::null()).stdout(Stdio::piped());
    let mut run = run.spawn().expect("the lesson starts");
    // Not more often than a play is performed again.
    for _ in 0..2 {
        let mut everybody = Vec::new();
        let mut asleep = None;
        until("the client waits for its answer, or the run is over", || {
            everybody = tree(run.id());
            let client = everybody.iter().find(|process| is_client(**process));
            let sleeps = client.is_some_and(|client| state(*client) == Some('S'));
            let since = if sleeps { *asleep.get_or_insert_with(Instant::now) } else { Instant::now() };
            asleep = sleeps.then_some(since);
            // It takes a moment to come to its read.
            run.try_wait().expect("a status").is_some() || since.elapsed() > Duration::from_millis(50)
        });
        signal("-STOP", &everybody);
        until("everybody is stopped, or has ended", || {
            everybody.iter().all(|process| matches!(state(*process), Some('T' | 'Z') | None))
        });
        signal("-CONT", &everybody);
    }
    let output = run.wait_with_output().expect("it ends");
    let said = text(&output.stdout);
    assert!(output.status.success(), "{said}");
    assert!(said.contains("holds: "), "{said}");
}

/// A process and all its descendants.
fn tree(process: u32) -> Vec<u32> {
    let threads = fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten().flatten();
    let children = threads.filter_map(|thread| fs::read_to_string(thread.path().join("children")).ok());
    let children: String = children.collect();
    let children = children.split_ascii_whitespace().filter_map(|number| number.parse().ok());
    [process].into_iter().chain(children.flat_map(tree)).collect()
}

fn is_client(process: u32) -> bool {
    fs::read_to_string(format!("/proc/{process}/cmdline")).is_ok_and(|line| line.split('\0').nth(1) == Some("connect"))
}

/// The letter of its state, proc(5).
fn state(process: u32) -> Option<char> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    stat.rsplit_once(") ")?.1.chars().next()
}

fn signal(name: &str, processes: &[u32]) {
    for process in processes {
        // It fails for one that has ended.
        let _ = Command::new("kill").args([name, &process.to_string()]).stderr(Stdio::null()).status();
    }
}
