//! What the lab sees of a stranger's process: when it is ready, when it hangs or spins, what it leaves behind.
#![cfg(target_os = "linux")]

use std::process::{Command, Stdio};

use serde_json::Value;

const LESSON: &str = env!("CARGO_BIN_EXE_test-lesson");

/// A server that sends back what it reads; `{}` is where a test puts its own lines.
const ECHO: &str = "
import socket, sys, threading, time, os, signal
host, port = sys.argv[1], int(sys.argv[2])
def serve(conn):
    while data := conn.recv(1000):
        conn.sendall(data)
    conn.close()
";

/// What `check mute` says of a Python program on this side: the verdict and its sentence.
fn check(side: &str, program: &str, arguments: &[&str]) -> (String, String) {
    let output = Command::new(LESSON)
        .args(["check", "mute", side, "--json", "--", "python3", "-c", program])
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .expect("the lesson starts");
    let result: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("no JSON: {}", String::from_utf8_lossy(&output.stderr)));
    let text = |key: &str| result[key].as_str().unwrap_or_default().to_string();
    (text("verdict"), text("why"))
}

/// The verdict on a server: the echo with these lines after its definitions.
fn server(lines: &str) -> (String, String) {
    check("--server", &format!("{ECHO}{lines}"), &["{host}", "{port}"])
}

/// The verdict on a client that runs these lines.
fn client(lines: &str) -> (String, String) {
    let begin = "import socket, sys, time\nhost, port = sys.argv[1], int(sys.argv[2])\n";
    check("--client", &format!("{begin}{lines}"), &["{host}", "{port}"])
}

/// The rest of a client for `mute`: it sends `hello`, reads it back and ends.
const ASK: &str = "
with socket.create_connection((host, port)) as s:
    s.sendall(b'hello')
    s.shutdown(socket.SHUT_WR)
    while s.recv(100): pass
";

#[track_caller]
fn is(judged: (String, String), verdict: &str, contains: &str) {
    assert!(judged.0 == verdict && judged.1.contains(contains), "{}: {}", judged.0, judged.1);
}

const LOOP: &str = "
srv = socket.create_server((host, port))
while True:
    serve(srv.accept()[0])
";

#[test]
fn an_ordinary_server_holds() {
    is(server(LOOP), "holds", "");
}

#[test]
fn a_server_that_listens_elsewhere_is_told_where() {
    if !lab::testing::sees_sockets() {
        return;
    }
    match lab::Need::Ipv6.missing() {
        Some(why) => lab::testing::skip(&why),
        None => {
            let v6 = "srv = socket.create_server(('::1', port), family=socket.AF_INET6)\nsrv.accept()\n";
            is(server(v6), "no verdict", "but on [::1]:");
        }
    }
    let other = "srv = socket.create_server((host, 0))\nsrv.accept()\n";
    is(server(other), "no verdict", "but on 127.0.0.1:");
    let udp = "srv = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); srv.bind((host, port)); srv.recv(1)\n";
    is(server(udp), "no verdict", "it uses UDP there, and the wire of this experiment is TCP");
}

#[test]
fn a_command_without_the_port_is_told_so() {
    let fixed = "import socket\nsrv = socket.create_server(('127.0.0.1', 0))\nsrv.accept()\n";
    is(check("--server", fixed, &[]), "no verdict", "the command has no {port}");
}

#[test]
fn somebody_else_at_the_same_port_number_is_not_taken_for_the_server() {
    // The stranger's own other process listens at the same number, on ::1, long before the server listens on 127.0.0.1.
    let lines = format!(
        "if os.fork() == 0:
    os.setsid()
    srv = socket.create_server(('::1', port), family=socket.AF_INET6)
    signal.alarm(5)
    srv.accept()
time.sleep(0.5)
{LOOP}"
    );
    is(server(&lines), "holds", "");
}

#[test]
fn a_thread_that_wakes_now_and_then_hides_no_hang() {
    let lines = "
def beat():
    while True: time.sleep(0.05)
threading.Thread(target=beat, daemon=True).start()
srv = socket.create_server((host, port))
kept = [srv.accept()]
signal.pause()
";
    is(server(lines), "breaks", "the answer never came");
}

#[test]
fn a_client_that_keeps_sending_is_told_so() {
    let program = "
import socket, sys, threading
conn = socket.create_connection((sys.argv[1], int(sys.argv[2])))
def read():
    while conn.recv(65536):
        pass
threading.Thread(target=read, daemon=True).start()
while True:
    conn.sendall(b'x' * 65536)
";
    let output = Command::new(LESSON)
        .args(["check", "mute", "--client", "--", "python3", "-c", program, "{host}", "{port}"])
        .stdin(Stdio::null())
        .output()
        .expect("the lesson starts");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(
        text.contains("client               keeps sending, far more than this play asks for\n  breaks: "),
        "{text}"
    );
}

#[test]
fn a_server_that_spins_after_its_client_has_gone_breaks_whoever_else_is_served() {
    if !lab::testing::sees_sockets() {
        return;
    }
    let lines = "
def spin(conn):
    while True:
        conn.sendall(conn.recv(1000))
srv = socket.create_server((host, port))
while True:
    threading.Thread(target=spin, args=srv.accept()[:1], daemon=True).start()
";
    is(server(lines), "breaks", "your server keeps a processor busy");
}

#[test]
fn a_server_that_keeps_a_connection_of_a_client_that_has_gone_breaks() {
    let lines = "
srv = socket.create_server((host, port))
kept = []
while True:
    conn, _ = srv.accept()
    kept.append(conn)
    conn.sendall(conn.recv(1000))
";
    let judged = server(lines);
    assert_eq!(judged.0, "breaks", "{}", judged.1);
}

#[test]
fn a_server_that_crashes_is_told_with_its_last_words() {
    let lines = format!(
        "threading.Timer(0.2, lambda: os.kill(os.getpid(), signal.SIGSEGV)).start()\n{}",
        LOOP.replace("serve(srv.accept()[0])", "c = srv.accept()[0]; time.sleep(9)")
    );
    is(server(&lines), "breaks", "is killed by signal 11");
    let lines = "srv = socket.create_server((host, port))\nsrv.accept()\nraise RuntimeError('no more')\n";
    is(server(lines), "breaks", "ends with status 1, and nobody is served any more: RuntimeError: no more");
}

#[test]
fn the_start_and_the_end_of_a_client_are_its_own_business() {
    let busy =
        |seconds: &str| format!("end = time.process_time() + {seconds}\nwhile time.process_time() < end: pass\n");
    is(client(&format!("{}{ASK}", busy("1.0"))), "holds", "");
    is(client(&format!("{ASK}{}", busy("2.5"))), "holds", "");
}

#[test]
fn a_client_that_spins_on_the_end_of_its_stream_breaks() {
    if !lab::testing::sees_sockets() {
        return;
    }
    let lines = "
s = socket.create_connection((host, port))
s.sendall(b'hello')
s.shutdown(socket.SHUT_WR)
while True: s.recv(100)
";
    is(client(lines), "breaks", "your client keeps a processor busy");
}

#[test]
fn a_client_that_waits_for_what_does_not_come_breaks() {
    if !lab::testing::sees_sockets() {
        return;
    }
    let lines = "
s = socket.create_connection((host, port))
s.sendall(b'hello')
while True:
    if len(s.recv(6, socket.MSG_WAITALL)) == 6: break
";
    is(client(lines), "breaks", "your client waits forever");
}

#[test]
fn a_daemon_that_leaves_its_group_and_sheds_its_environment_does_not_outlive_the_check() {
    // No other process has this text: it is the daemon's name in /proc.
    let name = format!("left-behind-{}", std::process::id());
    let lines = format!(
        "if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.execve(sys.executable, ['{name}', '-c', 'import signal; signal.pause()'], {{}})
    os._exit(0)
{LOOP}"
    );
    is(server(&lines), "holds", "");
    let named = |entry: std::fs::DirEntry| {
        let words = std::fs::read(entry.path().join("cmdline")).unwrap_or_default();
        words.starts_with(name.as_bytes()).then(|| entry.path())
    };
    let left: Vec<_> = std::fs::read_dir("/proc").expect("/proc").flatten().filter_map(named).collect();
    assert!(left.is_empty(), "{left:?} still run");
}

#[test]
fn a_reader_that_goes_away_is_no_success() {
    // Without socket tables the first play takes so long that the one that panics comes before its output.
    if lab::testing::sees_sockets() {
        let read_one_line = "\"$0\" run | head -1 > /dev/null; echo ${PIPESTATUS[0]}";
        let output = Command::new("bash").args(["-c", read_one_line, LESSON]).output().expect("bash");
        assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), "141");
    }
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").expect("/dev/full");
    let output = Command::new(LESSON).arg("--help").stdout(full).output().expect("the lesson starts");
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("No space left"));
}

#[test]
fn without_socket_tables_a_server_that_prints_nothing_is_found_and_judged() {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"));
    let without = folder.join("no-sock-diag");
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/no-sock-diag.c");
    let compiled = Command::new("cc").arg("-o").arg(&without).arg(source).status();
    if !compiled.is_ok_and(|status| status.success()) {
        return lab::testing::skip("needs a C compiler, which is not installed here");
    }
    let check = |lines: &str| {
        let output = Command::new(&without)
            .args([LESSON, "check", "mute", "--server", "--json", "--", "python3", "-c"])
            .args([&format!("{ECHO}{lines}"), "{host}", "{port}"])
            .stdin(Stdio::null())
            .output()
            .expect("the lesson starts");
        let result: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        let text = |key: &str| result[key].as_str().unwrap_or_default().to_string();
        (text("verdict"), text("why"))
    };
    is(check(LOOP), "holds", "");
    is(check("time.sleep(1000)"), "no verdict", "within 10 seconds: does it take the address as its arguments?");
}
