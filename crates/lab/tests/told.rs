//! What a stranger is told: real runs of the small lesson in `lesson/told.rs`.

use std::process::{Command, Output, Stdio};

const LESSON: &str = env!("CARGO_BIN_EXE_test-lesson");

fn command(lesson: &str, words: &[&str]) -> Command {
    let mut command = Command::new(LESSON);
    command.args(words).env("REHEARSAL_LESSON", lesson).env_remove("COLUMNS").stdin(Stdio::null());
    command
}

fn lab(words: &[&str]) -> Output {
    command("servers", words).output().expect("the lesson starts")
}

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The words of a check of the lesson's own server of this experiment, as if it was a stranger's.
fn own<'a>(name: &'a str, options: &[&'a str], server: &'a str, twin: &[&'a str]) -> Vec<&'a str> {
    let mut words = vec!["check", name];
    words.extend(options);
    words.extend(["--", LESSON, "serve", server, "--addr", "{host}:{port}"]);
    words.extend(twin);
    words
}

/// The places of these texts, one after the other.
#[track_caller]
fn in_order(text: &str, wanted: &[&str]) {
    let mut from = 0;
    for wanted in wanted {
        let Some(at) = text[from..].find(wanted) else { panic!("no {wanted:?} after byte {from} of:\n{text}") };
        from += at + wanted.len();
    }
}

mod check {
    use super::*;

    #[test]
    fn a_program_that_breaks_is_told_the_wire_what_happened_why_and_what_to_do() {
        let output = lab(&own("whole", &["--server"], "whole", &["--broken"]));
        assert_eq!(output.status.code(), Some(1), "{}", err(&output));
        in_order(
            &out(&output),
            &[
                "whole  Has all of it come?\n\n  wire\n    -> a text without an end, all of it in one stream\n    <- the same",
                "\n  your server, in form 1 of 2: the text cut after 2 bytes\n",
                "    client               stdin   hello\n    client -> server     \"he\"   (2 bytes)\n",
                "    server -> client     \"he\"   (2 bytes)\n",
                "  breaks: \"he\" came when the server had 2 of the 5 bytes of the text\n",
                "  hint: one read gives what has come by then: read to the end\n",
                "  see:  docs/05-framing.md#whole\n",
            ],
        );
        assert!(!out(&output).contains("next:"), "{}", out(&output));
    }

    #[test]
    fn a_program_that_holds_is_told_in_which_forms_what_was_kept_and_what_comes_next() {
        let output = lab(&own("whole", &["--server"], "whole", &[]));
        assert!(output.status.success(), "{}", out(&output));
        in_order(
            &out(&output),
            &[
                "  your server, in form 1 of 2: the text cut after 2 bytes\n",
                "  holds: in 2 forms of the trap\n",
                "    forms: the text cut after 2 bytes; a long text cut in the middle\n",
                "    kept:  no answer comes before the text is whole; the answer is \"hello\"; nobody is left waiting\n",
                // Not `not-ours`, which takes no program.
                "  next: check talker\n",
            ],
        );
        let last = out(&lab(&own("told-last", &["--server"], "whole", &[])));
        assert!(last.contains("  next: check all --server, "), "{last}");
    }

    #[test]
    fn a_form_that_is_not_the_first_is_told_where_it_is_the_first_that_breaks() {
        // It sends back as much as one read gives of an ended stream, which is not all of a long text.
        let words = ["check", "whole", "--server", "--", "python3", "-c"];
        let short = "import socket, sys, time
s = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    c, _ = s.accept()
    text = b''
    while d := c.recv(4096): text += d
    c.sendall(text[:9999])
    c.close()
";
        let output = lab(&[&words[..], &[short, "{host}", "{port}"]].concat());
        let told = out(&output);
        if told.contains("cannot run") {
            return;
        }
        in_order(
            &told,
            &[
                "your server, in form 2 of 2: a long text cut in the middle\n",
                "(10000 bytes)",
                "breaks: the answer has 9999 bytes instead of 20000\n",
                "    server -> client from byte 9991\n      expected   \"xxxxx",
                "\n      got        \"xxxxxxxx\"\n",
                "^^ 10001 bytes missing, from byte 9999 on\n",
            ],
        );
    }

    #[test]
    fn where_somebody_hangs_it_is_told_what_was_read() {
        // What was read is known from there.
        if !lab::testing::sees_sockets() {
            return;
        }
        let reads = |most: &str| {
            let program = "import socket, sys, time
s = socket.create_server((sys.argv[1], int(sys.argv[2])))
c, _ = s.accept()
while c.recv(int(sys.argv[3])) and sys.argv[3] != '2': pass
time.sleep(1000)
";
            out(&lab(&["check", "whole", "--", "python3", "-c", program, "{host}", "{port}", most]))
        };
        let some = reads("2");
        if some.contains("cannot run") {
            return;
        }
        let row = "    server               has read 2 of the 5 bytes that came; 3 are left in its\n";
        in_order(&some, &["client               hangs: every process is asleep", row, "receive queue\n"]);
        let all = reads("100");
        in_order(
            &all,
            &["client               hangs: ", "server               has read all of the 5 bytes that came\n"],
        );
    }

    #[test]
    fn a_program_without_a_verdict_is_told_the_wire_and_the_reason() {
        let output = lab(&["check", "whole", "--server", "--", "no-such-program"]);
        assert_eq!(output.status.code(), Some(1));
        in_order(&out(&output), &["  wire\n    -> a text", "  no verdict: cannot run `no-such-program`"]);
    }

    #[test]
    fn the_last_lines_of_a_program_are_never_lost() {
        // The two pipes race with each other.
        let told = out(&lab(&own("talker", &["--server"], "talker", &[])));
        let more = "    server               stdout  ... 20 more lines ...\n";
        in_order(&told, &["    server               stdout  debug 5\n", more, "stdout  debug 30\n"]);
        let more = "    server               stderr  ... 17 more lines ...\n";
        let last = "    server               stderr  error: this was its last word\n";
        let end = "    server               ends with status 1\n";
        in_order(&told, &["    server               stderr  frame 6\n", more, last, end]);
        let all = out(&lab(&own("talker", &["--server", "--output"], "talker", &[])));
        in_order(&all, &["stdout  debug 6\n", "stdout  debug 25\n"]);
        in_order(&all, &["stderr  frame 7\n", "stderr  frame 24\n"]);
        assert!(!all.contains("more line"), "{all}");
    }

    #[test]
    fn no_row_of_it_is_wider_than_a_terminal_of_80_columns() {
        for options in [&["--server"][..], &["--server", "--wire"]] {
            for server in ["whole", "talker"] {
                let words = own(server, options, server, if server == "whole" { &["--broken"] } else { &[] });
                let output = command("servers", &words).env("COLUMNS", "80").output().expect("the lesson starts");
                let told = out(&output);
                let wide: Vec<&str> = told.lines().filter(|line| line.chars().count() > 80).collect();
                assert!(wide.is_empty() && told.lines().count() > 10, "{wide:?} in\n{told}");
            }
        }
    }
}

#[cfg(unix)]
mod waiting {
    use super::*;

    /// A server that takes its time to start.
    fn slow(seconds: &str) -> Vec<&str> {
        let script = "sleep $0; exec \"$@\"";
        let mut words = own("whole", &["--server"], "whole", &[]);
        let place = words.iter().position(|word| *word == "--").expect("a command") + 1;
        words.splice(place..place, ["sh", "-c", script, seconds]);
        words
    }

    #[test]
    fn what_takes_longer_than_two_seconds_is_said_on_standard_error() {
        let output = lab(&slow("3.5"));
        assert!(output.status.success(), "{}", out(&output));
        let said = err(&output);
        assert!(said.starts_with("waiting for your server to listen on 127.0.0.1:"), "{said:?}");
        assert!(said.lines().count() <= 2 && said.contains(" (2 s)\n"), "{said:?}");
        assert!(!out(&output).contains("waiting for"), "{}", out(&output));
    }

    #[test]
    fn nothing_is_said_of_what_is_quick() {
        assert_eq!(err(&lab(&slow("0"))), "");
    }
}

mod run {
    use super::*;

    #[test]
    fn a_timeline_tells_everything_in_the_order_in_which_it_happened() {
        let told = out(&lab(&["run", "whole", "--broken", "--timeline"]));
        in_order(
            &told,
            &[
                "  broken  ",
                "    client               stdin   hello\n",
                "    client -> server     \"he\"   (2 bytes)\n",
                "    server -> client     \"he\"   (2 bytes)\n",
                "    client -> server     \"llo\"   (3 bytes)\n",
                "    client               stdout  hello\n    client               ends with status 0\n",
                "  breaks: the direction changed 4 times\n",
            ],
        );
    }
}

#[test]
fn every_experiment_that_takes_a_side_is_checked_and_put_into_a_table() {
    let output = lab(&own("all", &[], "whole", &[]));
    assert_eq!(output.status.code(), Some(1), "one cannot be shown here: {}", err(&output));
    let told = out(&output);
    in_order(
        &told,
        &[
            "experiment  verdict  what was seen\n",
            "whole       holds    in 2 forms of the trap\n",
            "talker      breaks   the answer ",
            "unshowable  skipped  needs no-such-program",
            "told-last   holds    in 2 forms of the trap\n\n2 of 4 hold\nnext: check talker\n",
        ],
    );
    assert!(!told.contains("not-ours"), "{told}");
    let json = lab(&own("all", &["--json"], "whole", &["--broken"]));
    let json: serde_json::Value = serde_json::from_slice(&json.stdout).expect("JSON");
    let verdicts: Vec<(&str, &str)> = json
        .as_array()
        .expect("a list")
        .iter()
        .map(|it| (it["experiment"].as_str().expect("a name"), it["verdict"].as_str().expect("a verdict")))
        .collect();
    let wanted = [("whole", "breaks"), ("talker", "breaks"), ("unshowable", "skipped"), ("told-last", "breaks")];
    assert_eq!(verdicts, wanted);
}

#[test]
fn all_of_them_holding_is_status_0() {
    let words = own("all", &["--server"], "whole", &[]);
    let output = command("either", &words).output().expect("the lesson starts");
    assert!(output.status.success() && out(&output).ends_with("\n2 of 2 hold\n"), "{}{}", out(&output), err(&output));
}

#[test]
fn every_key_of_the_json_is_documented() {
    fn keys(value: &serde_json::Value, found: &mut Vec<String>) {
        match value {
            serde_json::Value::Object(object) => {
                found.extend(object.keys().cloned());
                object.values().for_each(|value| keys(value, found));
            }
            serde_json::Value::Array(values) => values.iter().for_each(|value| keys(value, found)),
            _ => {}
        }
    }
    let docs = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/json.md");
    let docs = std::fs::read_to_string(docs).expect("docs/json.md");
    let check = own("whole", &["--json"], "whole", &["--broken"]);
    for words in [&["list", "--json"][..], &["run", "whole", "--json"], &check] {
        let output = lab(words);
        let json: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
        let mut found = Vec::new();
        keys(&json, &mut found);
        assert!(found.len() > 4, "{json}");
        for key in found {
            assert!(docs.contains(&format!("`{key}`")), "{words:?}: {key} is not in docs/json.md");
        }
    }
}

mod usage {
    use super::*;

    #[track_caller]
    fn is_wrong(lesson: &str, words: &[&str], said: &str) {
        let output = command(lesson, words).output().expect("the lesson starts");
        let complaint = err(&output);
        assert!(output.status.code() == Some(2) && complaint.contains(said), "{words:?}: {complaint}");
        assert_eq!(out(&output), "", "{words:?}");
    }

    #[test]
    fn a_side_that_is_not_possible_is_told_with_the_one_that_is() {
        is_wrong("servers", &["check", "whole", "--client", "--", "true"], "whole takes a server: add --server\n");
        is_wrong("servers", &["check", "all", "--client", "--", "true"], "this lesson takes a server: add --server\n");
        is_wrong(
            "either",
            &["check", "mute", "--", "true"],
            "mute takes a server or a client: add --server or --client\n",
        );
        is_wrong("either", &["check", "all", "--", "true"], "this lesson takes a server or a client: add");
        let reason = "not-ours takes no program of yours: the mistake is in the kernel\n";
        is_wrong("servers", &["check", "not-ours", "--server", "--", "true"], reason);
        is_wrong("servers", &["check", "not-ours", "--", "true"], reason);
    }

    #[test]
    fn where_one_side_is_possible_it_need_not_be_said() {
        let output = lab(&own("whole", &[], "whole", &[]));
        assert!(output.status.success(), "{}{}", out(&output), err(&output));
    }

    #[test]
    fn an_experiment_in_place_of_a_command_gets_a_tip() {
        is_wrong("servers", &["whole"], "tip: cargo run -p lesson-05-framing -- run whole\n");
    }

    #[test]
    fn what_cannot_be_had_together_is_an_error() {
        is_wrong("servers", &["run", "whole", "--json", "--repeat", "2"], "cannot be used with");
        is_wrong("servers", &["run", "whole", "--wire", "--json"], "cannot be used with");
        is_wrong("servers", &["run", "whole", "--wire", "--repeat", "2"], "cannot be used with");
        is_wrong("servers", &["run", "whole", "--timeline", "--repeat", "2"], "cannot be used with");
        is_wrong("servers", &["run", "whole", "--ask", "--json"], "cannot be used with");
        is_wrong("servers", &["check", "whole", "--wire", "--json", "--", "true"], "cannot be used with");
        is_wrong("servers", &["run", "whole", "--output"], "--timeline");
        is_wrong("servers", &["run", "--ask"], "NAME");
    }

    #[test]
    fn what_an_experiment_does_not_have_is_told_with_what_there_is() {
        let broken =
            "the client of whole has no broken form, as the mistake is on the other side: serve whole --broken";
        is_wrong("servers", &["connect", "whole", "--broken"], broken);
        is_wrong("servers", &["run", "whole", "--finished"], "the finished program cannot be run in whole");
        is_wrong("servers", &["attack", "whole"], "whole has no attacker to run in a terminal");
        is_wrong("servers", &["trap", "talker"], "no relay lays the trap of talker by itself");
        is_wrong("servers", &["serve", "whole", "--addr", "127.0.0.1:99999"], "99999 is no port: ports are 0 to 65535");
    }
}

/// Commands that cannot be started.
#[cfg(unix)]
mod cannot_run {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    use super::*;

    #[test]
    fn why_a_command_cannot_be_run_is_told_with_what_to_do() {
        for (program, said) in [
            ("no-such-program", "cannot run `no-such-program`: is it installed and spelled right?: No such file"),
            ("python3 my_server.py", "it is one word; give the words of a command without quotes"),
            ("/etc/passwd", "is it a program? chmod +x makes a file one, or start it with its interpreter: Permission"),
        ] {
            let told = out(&lab(&["check", "whole", "--", program]));
            assert!(told.contains(said), "{told}");
        }
    }

    #[test]
    fn a_word_of_the_command_may_be_no_utf_8() {
        let script = "printf '%s' \"$0\" | od -An -tx1 >&2; exit 3";
        let output = command("servers", &["check", "whole", "--", "sh", "-c", script])
            .arg(OsStr::from_bytes(b"\xffx"))
            .output()
            .expect("the lesson starts");
        assert!(out(&output).contains("stderr   ff 78\n"), "{}{}", out(&output), err(&output));
    }
}

/// What is only printed or asked at a terminal.
#[cfg(unix)]
mod at_a_terminal {
    use super::*;

    /// Runs a command at a terminal of its own, answers what it asks and prints all that it shows. Arguments: what ends in a
    /// question, what is typed then, and the command. `^C` is typed as Ctrl-C.
    const TERMINAL: &str = "
import os, pty, sys
question, answer = sys.argv[1].encode(), sys.argv[2].encode().replace(b'^C', b'\\x03').replace(b'^M', b'\\n')
pid, terminal = pty.fork()
if pid == 0:
    os.execv(sys.argv[3], sys.argv[3:])
shown = b''
while True:
    try:
        piece = os.read(terminal, 65536)
    except OSError:
        break
    if not piece:
        break
    new = shown.count(question)
    shown += piece
    if shown.count(question) > new:
        os.write(terminal, answer)
sys.stdout.buffer.write(shown)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) & 255)
";

    /// What is shown, and the status; `None` where there is no Python.
    fn shown(question: &str, answer: &str, words: &[&str]) -> Option<(String, Option<i32>)> {
        let mut command = Command::new("python3");
        command.args(["-c", TERMINAL, question, answer, LESSON]).args(words);
        command.env("REHEARSAL_LESSON", "servers").env("NO_COLOR", "1").env_remove("COLUMNS").stdin(Stdio::null());
        let Ok(output) = command.output() else {
            lab::testing::skip("a terminal needs python3, which is not installed here");
            return None;
        };
        Some((out(&output).replace("\r\n", "\n"), output.status.code()))
    }

    #[test]
    fn run_ask_stops_before_each_cast() {
        let Some((told, status)) = shown("Press Enter to see: ", "^M", &["run", "whole", "--ask"]) else { return };
        assert_eq!(status, Some(0), "{told}");
        in_order(
            &told,
            &[
                "whole  Has all of it come?\n\n  wire\n    -> a text without an end",
                "\n  trap\n    the text cut after 2 bytes\n\n  What will ",
                " do?\n  Press Enter to see: ",
                "\n  broken  ",
                "  breaks: ",
                "Press Enter to see: ",
                "\n  fixed  ",
                "  holds: ",
                "cure",
            ],
        );
    }

    #[test]
    fn without_a_terminal_nothing_is_asked() {
        let output = lab(&["run", "whole", "--ask"]);
        assert!(output.status.success() && !out(&output).contains("Press Enter"), "{}", out(&output));
        assert_eq!(err(&output), "standard input is no terminal, so nothing is asked\n");
    }

    #[test]
    fn serve_says_what_to_type_in_the_other_terminals() {
        let port = std::net::TcpListener::bind("127.0.0.1:0").and_then(|it| it.local_addr()).expect("a port").port();
        let address = format!("127.0.0.1:{port}");
        let words = ["serve", "whole", "--broken", "--addr", &address];
        let Some((told, _)) = shown("listening on ", "^C", &words) else { return };
        let cargo = "cargo run -p lesson-05-framing --";
        in_order(
            &told,
            &[
                &format!("now, in another terminal: {cargo} connect whole --addr {address}\n"),
                &format!("  {cargo} trap whole --to {address}\n"),
                &format!("  {cargo} connect whole --addr 127.0.0.1:{}\n", port + 1),
                &format!("listening on {address}\n"),
            ],
        );
        // It cannot listen there, so it ends.
        let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = taken.local_addr().expect("an address").to_string();
        let server = lab(&["serve", "whole", "--addr", &address]);
        assert!(!err(&server).contains("now, in another terminal"), "{}", err(&server));
    }

    #[test]
    fn ctrl_c_in_a_long_repetition_loses_no_count() {
        let words = ["run", "whole", "--fixed", "--repeat", "100000"];
        let Some((told, status)) = shown("fixed: 3 of 100000", "^C", &words) else { return };
        assert_eq!(status, Some(130), "{told}");
        assert!(told.contains("whole  fixed     stopped after "), "{told}");
        assert!(!told.contains('\u{1b}'), "{told:?}");
    }

    #[test]
    fn what_is_waited_for_is_one_line_of_which_nothing_is_left() {
        let mut words = own("whole", &["--server"], "whole", &[]);
        let place = words.iter().position(|word| *word == "--").expect("a command") + 1;
        words.splice(place..place, ["sh", "-c", "sleep $0; exec \"$@\"", "3.5"]);
        let Some((told, status)) = shown("never", "", &words) else { return };
        assert_eq!(status, Some(0), "{told}");
        assert!(told.starts_with("\rwaiting for your server to listen on 127.0.0.1:"), "{told:?}");
        let (waiting, rest) = told.rsplit_once('\r').expect("it is written anew");
        assert!(waiting.ends_with("  ") && rest.starts_with("whole  Has all"), "{told:?}");
        assert!(!waiting.contains('\n'), "{told:?}");
    }
}
