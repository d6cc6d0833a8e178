//! The multicast example with real processes: one datagram, three listeners.

use std::net::{Ipv4Addr, SocketAddrV4, UdpSocket};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use std::{env, fs, io};

use lab::testing::{Server, assert_printed, talk};
use socket2::SockRef;

const GROUP: Ipv4Addr = Ipv4Addr::new(239, 255, 0, 1);

#[test]
fn one_datagram_reaches_every_listener() {
    if let Err(error) = probe() {
        lab::testing::skip(&format!("multicast on the loopback interface does not work here: {error}"));
        return;
    }
    let example = example();
    let port =
        UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).and_then(|socket| socket.local_addr()).expect("a port").port();
    let command = |what: &str| {
        let mut command = Command::new(&example);
        command.args([what, &port.to_string()]);
        command
    };
    let listeners: Vec<Server> = (0..3).map(|_| Server::start(&mut command("listen"))).collect();
    assert!(listeners.iter().all(|listener| listener.address == SocketAddrV4::new(GROUP, port).into()));
    let output = talk(&mut command("say"), "hello\n\nall of you\n");
    let said = [5, 0, 10].map(|bytes| format!("sends one datagram of {bytes} bytes\n")).concat();
    assert_printed(&output, &said);
    for listener in &listeners {
        assert_eq!([(); 3].map(|()| listener.line()), ["hears: hello", "hears: ", "hears: all of you"]);
    }
}

#[test]
fn bad_usage_is_one_line_and_status_2() {
    for words in [&[][..], &["shout"], &["say", "0"], &["say", "70000"], &["say", "1", "2"]] {
        let output = Command::new(example()).args(words).output().expect("the example starts");
        assert_eq!(output.status.code(), Some(2), "{words:?}");
        assert_eq!(String::from_utf8_lossy(&output.stderr).trim_end(), "usage: one-to-many listen|say [PORT]");
    }
}

/// One socket that hears itself.
fn probe() -> io::Result<()> {
    let any = if cfg!(windows) { Ipv4Addr::LOCALHOST } else { GROUP };
    let socket = UdpSocket::bind((any, 0))?;
    socket.join_multicast_v4(&GROUP, &Ipv4Addr::LOCALHOST)?;
    socket.set_read_timeout(Some(Duration::from_secs(5)))?;
    let sender = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
    SockRef::from(&sender).set_multicast_if_v4(&Ipv4Addr::LOCALHOST)?;
    sender.set_multicast_ttl_v4(0)?;
    sender.send_to(b"?", (GROUP, socket.local_addr()?.port()))?;
    socket.recv_from(&mut [0; 1]).map(|_| ())
}

/// The example. `cargo test` builds it before this runs; `cargo test --test one_to_many` does not.
fn example() -> PathBuf {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join("one-to-many.rs");
    let test = env::current_exe().expect("this test is a file");
    let profile = test.ancestors().nth(2).expect("it is in target/debug/deps");
    let program = profile.join("examples").join(format!("one-to-many{}", env::consts::EXE_SUFFIX));
    let age = |path: &Path| fs::metadata(path).and_then(|file| file.modified()).ok();
    if age(&program) < age(&source) {
        let mut build = Command::new(env!("CARGO"));
        build.args([
            "build",
            "--quiet",
            "--package",
            env!("CARGO_PKG_NAME"),
            "--example",
            "one-to-many",
            "--target-dir",
        ]);
        build.arg(profile.parent().expect("target"));
        if !cfg!(debug_assertions) {
            build.arg("--release");
        }
        assert!(build.status().expect("cargo starts").success());
    }
    program
}
