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
