//! What needs the programs of a Unix: `cat`, `echo`, `sh`, `sleep`, `yes`.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use lab::testing::until;

use super::*;

/// A file of this name that is not there yet.
fn scratch(name: &str) -> (PathBuf, String) {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{}-{name}", std::process::id()));
    let _ = fs::remove_file(&path);
    let text = path.to_string_lossy().into_owned();
    (path, text)
}

/// Waits for a whole line in a file that a command writes, and gives it.
fn line_in(path: &PathBuf) -> String {
    let mut line = String::new();
    until("the command has written its line", || {
        line = fs::read_to_string(path).unwrap_or_default();
        line.ends_with('\n')
    });
    line.trim().to_string()
}

/// Waits until there is no such process any more, or only what its parent has not looked at yet.
fn process_ends(process: &str) {
    until("the process has ended", || {
        let state = Command::new("ps").args(["-o", "stat=", "-p", process]).output().expect("ps runs").stdout;
        state.is_empty() || state.starts_with(b"Z")
    });
}

#[test]
fn the_bytes_are_those_of_the_documentation() {
    let server = serve(&[]);
    let mut stream = raw(server.address);
    stream.write_all(b"\0\0\0\x25{\"command\":[\"echo\",\"hi\"],\"id\":\"7f3a\"}").expect("it is taken");
    stream.shutdown(Shutdown::Write).expect("a half-close");
    let mut reply = everything(&stream);
    // Under load there may be signs of life before it.
    while reply.starts_with(&[0; 4]) {
        reply.drain(..4);
    }
    let wanted = b"\0\0\0\x38{\"id\":\"7f3a\",\"status\":0,\"stderr_size\":0,\"stdout_size\":3}hi\n";
    assert_eq!(text(&reply), text(wanted));
}

#[test]
fn a_hundred_megabytes_come_whole_and_take_little_memory() {
    let (path, file) = scratch("hundred-megabytes");
    let mut state = 88_172_645_463_325_252_u64;
    let mut bytes = Vec::with_capacity(100_000_000);
    while bytes.len() < 100_000_000 {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.extend_from_slice(&state.to_be_bytes());
    }
    fs::write(&path, &bytes).expect("the file is written");
    let server = serve(&["--allow", "cat"]);
    let output = run(&server, &["cat", &file]);
    fs::remove_file(&path).expect("the file goes");
    assert_eq!(text(&output.stderr), "");
    assert_eq!(output.stdout.len(), bytes.len());
    assert!(output.stdout == bytes, "as many bytes, and other ones");
    // proc(5): the most memory that the server ever had. Other systems do not tell.
    if let Ok(status) = fs::read_to_string(format!("/proc/{}/status", server.process())) {
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a peak");
        let kilobytes: u64 = peak.trim().trim_end_matches(" kB").parse().expect("a number");
        assert!(kilobytes < 30_000, "{kilobytes} kB for 100 MB of output");
    }
}

#[test]
fn more_output_than_allowed_ends_the_command() {
    let server = serve(&["--allow", "yes"]);
    assert_error(&run(&server, &["yes"]), "wrote more than 268435456 bytes and was ended");
    assert_serves(&server);
}

#[test]
fn a_command_that_reads_its_input_finds_the_end() {
    let server = serve(&["--allow", "cat"]);
    let output = run(&server, &["cat"]);
    assert_eq!((output.status.code(), output.stdout.len(), output.stderr.len()), (Some(0), 0, 0));
}

#[test]
fn both_streams_come_apart_and_whole() {
    let server = serve(&["--allow", "sh"]);
    let script = "i=0; while [ $i -lt 20000 ]; do echo out $i; echo err $i >&2; i=$((i+1)); done; exit 3";
    let output = run(&server, &["sh", "-c", script]);
    let wanted = |word: &str| (0..20_000).map(|i| format!("{word} {i}\n")).collect::<String>();
    assert_eq!(output.status.code(), Some(3));
    assert!(text(&output.stdout) == wanted("out") && text(&output.stderr) == wanted("err"));
}

#[test]
fn the_exit_status_is_that_of_the_command() {
    let server = serve(&["--allow", "sh"]);
    for status in [0, 1, 2, 127, 255] {
        let output = run(&server, &["sh", "-c", &format!("exit {status}")]);
        assert_eq!((output.status.code(), text(&output.stderr)), (Some(status), String::new()));
    }
    assert_eq!(run(&server, &["sh", "-c", "kill -9 $$"]).status.code(), Some(128 + 9));
}

#[test]
fn only_what_is_allowed_runs_and_no_shell_takes_part() {
    let server = serve(&["--allow", "no-such-program"]);
    for program in ["rm", "sh", "/bin/echo", "echo ", ""] {
        assert_error(&run(&server, &[program, "x"]), "is not among the programs that this server runs");
    }
    assert_error(&run(&server, &["no-such-program"]), "the program cannot be started");
    let tricks = ["$(id)", "`id`", "a;id", "*", ">x", "\\", "a\nb", "价格¥9"];
    let output = run(&server, &[&["printf", "%s|"], &tricks[..]].concat());
    assert_eq!(text(&output.stdout), tricks.join("|") + "|");
    let any = serve(&["--allow-any"]);
    assert_eq!(text(&run(&any, &["sh", "-c", "echo $((6*7))"]).stdout), "42\n");
}

#[test]
fn lines_are_commands() {
    let server = serve(&[]);
    let lines = "echo one\n\n   \nprintf '%s|' \"two words\" a' 'b \"it's\" ''\nrm x\necho 'open\necho last\nfalse\n";
    let output = connect_lines(&[], server.address, lines);
    assert_eq!(text(&output.stdout), "one\ntwo words|a b|it's||last\n");
    let complaints = text(&output.stderr);
    assert_eq!(complaints.lines().filter(|line| line.starts_with("error: ")).count(), 2, "{complaints}");
    assert_eq!(output.status.code(), Some(1));
    server.says("served 5 requests, ended by the client");
}

/// Hands on one connection after the other, but cuts the reply on the first after so many bytes.
fn cutter(server: SocketAddr, after: u64) -> (SocketAddr, thread::JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let cutter = thread::spawn(move || {
        for most in [after, u64::MAX] {
            let (mut client, _) = listener.accept().expect("the client");
            let mut server = raw(server);
            let request = read_frame(&mut client, DEFAULT_MAXIMUM).expect("a request").expect("no end");
            server.write_all(&encode(&request, DEFAULT_MAXIMUM).expect("a frame")).expect("the server reads");
            server.shutdown(Shutdown::Write).expect("a half-close");
            // The reply is whole at the end of the stream: by then the server has acted.
            let reply = everything(&server);
            let part = usize::try_from(most).unwrap_or(usize::MAX).min(reply.len());
            client.write_all(&reply[..part]).expect("the client reads");
        }
    });
    (address, cutter)
}

#[test]
fn a_request_that_comes_twice_runs_once() {
    let server = serve(&["--allow", "sh"]);
    for after in [0, 3, 4, 20, 70, 75, 80, 85] {
        let (path, file) = scratch(&format!("runs-{after}"));
        let script = format!("echo run >> '{file}'; echo standard output; echo standard error >&2; exit 4");
        let (address, cutter) = cutter(server.address, after);
        let output = connect(address, &["--id", &format!("cut-{after}")], &["sh", "-c", &script]);
        cutter.join().expect("the relay");
        assert_eq!(fs::read_to_string(&path).expect("it ran"), "run\n", "cut after {after} bytes");
        assert_eq!(text(&output.stdout), "standard output\n", "cut after {after} bytes");
        let complaints = text(&output.stderr);
        assert!(complaints.starts_with("the connection broke (") || after > 80, "{complaints}");
        assert!(complaints.contains("standard error\n") || after > 80, "{complaints}");
        assert_eq!(output.status.code(), Some(4));
        fs::remove_file(&path).expect("the file goes");
        server.says("asked again, the kept reply is sent");
    }
}

#[test]
fn an_id_belongs_to_one_command_and_old_replies_are_forgotten() {
    let server = serve(&[]);
    let ask = |id: &str, word: &str| connect(server.address, &["--id", id], &["echo", word]);
    assert_eq!(text(&ask("first", "a").stdout), "a\n");
    server.says("status 0");
    assert_error(&ask("first", "b"), "this id was used for another command");
    server.says("refused");
    for number in 0..32 {
        assert!(ask(&format!("other-{number}"), "x").status.success());
    }
    assert_eq!(text(&ask("first", "b").stdout), "b\n");
}

#[test]
fn a_client_that_stops_sending_still_gets_its_reply() {
    let server = serve(&["--allow", "sleep"]);
    let mut stream = raw(server.address);
    stream.write_all(&request("slow", &["sleep", "0.5"])).expect("it is taken");
    stream.shutdown(Shutdown::Write).expect("a half-close");
    let reply = everything(&stream);
    let signs = reply.chunks(4).take_while(|chunk| *chunk == [0; 4]).count();
    assert!(signs >= 1, "the client is told that the command still runs");
    assert!(text(&reply[4 * signs..]).contains(r#"{"id":"slow","status":0"#), "{}", text(&reply));
}

#[test]
fn a_command_ends_with_its_client_and_so_does_all_that_it_started() {
    let server = serve(&["--allow", "sh"]);
    let (path, file) = scratch("orphan");
    let script = format!("sleep 1000 & echo $! > '{file}'; wait");
    let mut client = lesson();
    client.args(["connect", "--addr", &server.address.to_string(), "--", "sh", "-c", &script]);
    let mut client = client.spawn().expect("the client starts");
    let process = line_in(&path);
    client.kill().expect("the client runs");
    client.wait().expect("the client ends");
    process_ends(&process);
    server.says("the connection broke while the command ran, and the command was ended");
    assert_serves(&server);
    fs::remove_file(&path).expect("the file goes");
}

#[test]
fn a_command_is_ended_at_its_deadline() {
    let server = serve(&["--allow", "sh", "--deadline", "0.5"]);
    let (path, file) = scratch("late");
    let script = format!("sleep 1000 & echo $! > '{file}'; wait");
    assert_error(&run(&server, &["sh", "-c", &script]), "did not end within 500ms and was ended");
    process_ends(&line_in(&path));
    assert_serves(&server);
    fs::remove_file(&path).expect("the file goes");
}

#[test]
fn what_a_command_leaves_behind_does_not_hold_the_server() {
    let server = serve(&["--allow", "sh"]);
    let output = run(&server, &["sh", "-c", "sleep 1000 & echo $!"]);
    assert_eq!(output.status.code(), Some(0));
    process_ends(text(&output.stdout).trim());
}

#[test]
fn an_interrupted_server_leaves_nothing_behind() {
    for signal in ["-INT", "-TERM"] {
        let server = serve(&["--allow", "sh"]);
        let (path, file) = scratch(&format!("interrupted{signal}"));
        let mut stream = raw(server.address);
        let script = format!("echo $$ > '{file}'; sleep 1000");
        stream.write_all(&request("a", &["sh", "-c", &script])).expect("it is taken");
        let process = line_in(&path);
        let told = Command::new("kill").args([signal, &server.process().to_string()]).status();
        assert!(told.expect("kill runs").success());
        assert_eq!(server.ended().code(), Some(0));
        process_ends(&process);
        fs::remove_file(&path).expect("the file goes");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn nothing_that_befalls_it_ends_the_server() {
    lab::testing::assert_survives(&lab::testing::Fate {
        program: env!("CARGO_BIN_EXE_lesson-05-framing"),
        arguments: &["serve"],
        first_words: b"",
        is_served: &|address| {
            let mut stream = raw(address);
            stream.write_all(&request("a", &[HARMLESS])).expect("it is taken");
            assert!(read_frame(&mut stream, DEFAULT_MAXIMUM).is_ok());
        },
        many: 1500,
        needs_threads: false,
    });
}

#[cfg(target_os = "linux")]
#[test]
fn without_threads_a_command_fails_and_the_next_one_runs() {
    let server = serve(&[]);
    let Some(limit) = lab::testing::NoThreads::of(server.process()) else { return };
    assert_error(&run(&server, &[HARMLESS]), "the program cannot be started: ");
    drop(limit);
    assert_serves(&server);
}
