//! The lab itself is tested with real runs of the `rehearsal` lesson, a program like every lesson.

use std::io::{BufRead, BufReader};
use std::process::{Command, Output, Stdio};

const REHEARSAL: &str = env!("CARGO_BIN_EXE_test-lesson");

/// Runs the rehearsal with these words.
fn lab(words: &[&str]) -> Output {
    Command::new(REHEARSAL).args(words).stdin(Stdio::null()).output().expect("the rehearsal starts")
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// The broken and the fixed cast of a rehearsal are the same programs, so one is enough.
fn fixed(name: &str) -> Output {
    lab(&["run", name, "--fixed"])
}

fn holds(name: &str) -> String {
    let output = fixed(name);
    let text = text(&output);
    assert!(output.status.success() && text.contains("holds: "), "{text}");
    text
}

#[test]
fn a_relay_delivers_exactly_the_pieces_that_its_script_asks_for() {
    holds("scripted");
    holds("two-cuts");
    // A gate looks there; a pause in its place takes too long for so many pieces.
    if lab::testing::sees_sockets() {
        holds("piece-by-piece");
    }
}

#[test]
fn every_connection_has_a_number_of_its_own_whoever_makes_it() {
    holds("three-parties");
}

#[test]
fn a_script_that_cannot_be_carried_out_gives_no_verdict_on_our_own_programs() {
    let output = fixed("overfull");
    assert_eq!(output.status.code(), Some(1), "{}", text(&output));
    let void = "void, the trap could not be laid: the script holds back more than 16777216 bytes";
    assert!(text(&output).contains(void), "{}", text(&output));
    let words = ["check", "overfull", "--server", "--", REHEARSAL, "serve", "overfull", "--addr", "{host}:{port}"];
    let output = lab(&words);
    let none = "no verdict: the script holds back more than 16777216 bytes";
    assert!(text(&output).contains(none), "{}", text(&output));
}

#[test]
fn nobody_is_said_to_have_read_what_lies_in_the_queue() {
    // As a program of one's own: what it did until the relay could not go on still counts.
    let words = ["check", "never-reads", "--server", "--"];
    let server = [REHEARSAL, "serve", "never-reads", "--addr", "{host}:{port}"];
    let told = text(&lab(&[&words[..], &server].concat()));
    assert!(
        told.contains("breaks: the client has ended its stream, and your server never ends its own")
            || told.contains("skipped: "),
        "{told}"
    );
    assert!(told.contains("server               did not read this") || told.contains("skipped: "), "{told}");
}

#[test]
fn many_connections_are_told_in_one_line_each() {
    let text = holds("crowd");
    let line = |number: usize| text.contains(&format!("connection {number}"));
    assert!((1..=6).all(line), "{text}");
    assert!(text.lines().count() < 20, "{text}");
}

#[test]
fn a_relay_for_datagrams_deals_out_their_fates() {
    let told = holds("postman");
    for line in [
        "client -> server     datagram: 61   (1 byte), lost on the way",
        "                     (the network delivers it once more)",
        "client -> server     datagram: 63   (1 byte), held back",
    ] {
        assert!(told.contains(line), "{told}");
    }
}

#[test]
fn every_datagram_is_told_by_itself_with_its_size_and_the_names_of_its_bytes() {
    let told = text(&lab(&["run", "letters", "--fixed", "--wire"]));
    for lines in [
        "client -> server     datagram: \"Qshort\"   (6 bytes)
      0000  51                                               Q                 kind
      0001  73 68 6f 72 74                                   short             words
",
        "client -> server     datagram: empty   (0 bytes)
    server -> client     datagram: empty   (0 bytes)
",
        "server -> client     datagram: \"Qa longer one\"   (13 bytes)
      0000  51 ",
    ] {
        assert!(told.contains(lines), "{told}");
    }
}

#[test]
fn datagrams_of_a_program_of_ones_own_are_compared_one_by_one() {
    let words = ["check", "letters", "--server", "--", REHEARSAL, "serve", "letters", "--addr", "{host}:{port}"];
    let right = lab(&words);
    assert!(right.status.success() && text(&right).contains("holds: "), "{}", text(&right));
    let wrong = text(&lab(&[&words[..], &["--broken"]].concat()));
    assert!(wrong.contains("breaks: the answers: datagram 3 is \"Qa longe\"; expected: \"Qa longer one\""), "{wrong}");
    let marks = "
    server -> client, datagram 3
      expected   \"Qa longer one\"
      got        \"Qa longe\"
                           ^^ 5 bytes missing, from byte 8 on
";
    assert!(wrong.contains(marks), "{wrong}");
}

#[test]
fn a_third_party_answers_a_client_in_place_of_the_server() {
    let told = text(&lab(&["run", "stranger"]));
    assert!(told.contains("breaks: the client believes a stranger"), "{told}");
    assert!(told.contains("holds: the client waits for the server"), "{told}");
    let story = "
    client               is typed: time
    client -> server     datagram: \"time\"   (4 bytes)
    server -> client     datagram: \"time\"   (4 bytes), lost on the way
    attacker -> client   datagram: \"a lie\"   (5 bytes)
";
    assert!(told.contains(story), "{told}");
    let direct = text(&lab(&["run", "stranger-without-a-relay", "--fixed"]));
    assert!(direct.contains("skipped: ") || direct.contains("unexpected: the client believes a stranger"), "{direct}");
}

#[test]
fn two_servers_answer_each_other_until_the_bridge_stops_them() {
    let told = text(&lab(&["run", "ping-pong"]));
    assert!(told.contains("breaks: the two answer each other until the lab stops them"), "{told}");
    assert!(told.contains("holds: an answer is not answered"), "{told}");
    let story = "
    attacker             writes the address of server 2 where the sender's belongs
    attacker -> server   datagram: 3f   (1 byte)
    server -> server 2   datagram: 3f   (1 byte)
    server 2 -> server   datagram: 3f   (1 byte)
";
    assert!(told.contains(story), "{told}");
    assert!(told.contains("(nothing more gets through)"), "{told}");
}

#[test]
fn a_third_party_hears_what_servers_answer_it() {
    holds("knock");
}

#[test]
fn a_client_is_known_by_its_door_and_not_by_when_it_sends_first() {
    holds("two-ask");
}

#[test]
fn a_connection_through_the_relay_belongs_to_whose_door_it_came_through() {
    holds("whose");
}

#[test]
fn a_relay_refuses_while_its_server_does_not_listen() {
    // Without socket tables the relay does not know that nobody listens.
    if lab::testing::sees_sockets() {
        holds("shut-door");
    }
    let told = text(&fixed("comes-back"));
    assert!(told.contains("holds: ") || told.contains("skipped: "), "{told}");
}

#[test]
fn a_relay_changes_bytes_and_says_what_was_sent() {
    let told = holds("altered");
    for line in [
        "                     (the relay changes byte 1: 62 becomes 42)",
        "relay -> server      puts in \"--\"   (2 bytes)",
        "client -> server     (2 bytes lost on the way)",
    ] {
        assert!(told.contains(line), "{told}");
    }
}

#[test]
fn bytes_that_are_drawn_at_random_are_told_by_their_name_and_shown_with_wire() {
    let told = text(&fixed("drawn"));
    for line in ["client -> server     nonce, \"llo\"   (5 bytes)", "server -> client     nonce, \"llo\"   (5 bytes)"] {
        assert!(told.contains(line), "{told}");
    }
    let wire = text(&lab(&["run", "drawn", "--fixed", "--wire"]));
    assert!(wire.contains("68 65 ") && wire.contains("he                nonce"), "{wire}");
}

#[test]
fn clients_go_to_a_rogue_that_stands_between() {
    let told = text(&fixed("rogue"));
    assert!(told.contains("the rogue has its way"), "{told}");
    let story = "
    connection 1
    client -> attacker   \"hello\"   (5 bytes)
    client -> attacker   FIN, the end of this direction
    attacker -> client   \"HELLO\"   (5 bytes)
    attacker -> client   FIN, the end of this direction
    connection 2
    attacker -> server   \"HELLO\"   (5 bytes)
";
    assert!(told.contains(story), "{told}");
    assert!(holds("rogue-with-datagrams").contains("client -> attacker   datagram: \"hello\"   (5 bytes)"));
}

#[test]
fn a_program_that_does_not_read_its_input_does_not_stop_the_lab() {
    assert!(holds("deaf").contains("client               is killed by the lab"));
}

#[test]
fn a_server_that_says_nothing_is_told_apart_from_one_that_ends() {
    assert!(holds("silent").contains("server -> attacker   neither more bytes nor an end"));
}

#[test]
fn a_server_can_be_started_twice_at_one_address_and_either_outcome_is_told() {
    holds("again");
}

#[test]
fn a_server_of_ones_own_can_be_started_again_without_saying_that_it_listens() {
    let words = ["check", "again", "--server", "--", REHEARSAL, "serve", "again", "--addr", "{host}:{port}"];
    let output = lab(&words);
    assert!(output.status.success() && text(&output).contains("holds: "), "{}", text(&output));
}

#[test]
fn a_sleeping_client_a_spinning_one_and_one_that_cannot_write_are_told_apart() {
    if !lab::testing::sees_sockets() {
        return;
    }
    assert!(holds("sleeper").contains("client hangs: every process is asleep and no data"));
    assert!(holds("spinner").contains("client spins"));
    assert!(holds("spinning-server").contains("server spins"));
    assert!(holds("hoarder").contains("client hangs: every process is asleep and bytes stay"));
}

#[test]
fn a_child_that_crashes_is_told_with_its_status_and_its_last_words() {
    let text = holds("crasher");
    assert!(text.contains("ends with status 101"), "{text}");
    assert!(text.contains("thread 'main' panicked at"), "{text}");
}

#[test]
fn a_server_that_ends_before_it_listens_is_a_failure_of_the_stage_with_its_last_words() {
    let output = fixed("grouch");
    let text = text(&output);
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(text.contains("the lab failed: the server did not say where it listens"), "{text}");
    assert!(text.contains("I do not serve today"), "{text}");
}

#[test]
fn output_without_end_is_counted_and_not_kept() {
    holds("chatterbox");
}

#[test]
fn a_child_that_leaves_a_child_behind_does_not_stop_the_lab() {
    holds("family");
}

#[test]
fn a_missing_command_is_a_clear_error() {
    let output = lab(&["check", "mute", "--server", "--", "no-such-program", "{port}"]);
    let text = text(&output);
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(text.contains("cannot run `no-such-program`: is it installed and spelled right?"), "{text}");
}

#[test]
fn usage_errors_exit_with_2_and_suggest_the_nearest_name() {
    let output = lab(&["run", "sleper"]);
    let text = text(&output);
    assert_eq!(output.status.code(), Some(2), "{text}");
    assert!(text.contains("'sleeper'"), "{text}");
    assert_eq!(lab(&["run", "mute", "--repeat", "0"]).status.code(), Some(2));
    assert_eq!(lab(&["serve", "mute", "--addr", "nowhere"]).status.code(), Some(2));
    assert_eq!(lab(&["check", "mute"]).status.code(), Some(2));
}

#[test]
fn a_lesson_may_have_commands_of_its_own() {
    assert!(text(&lab(&["--help"])).contains("Prints its word from the end to the beginning"));
    assert_eq!(text(&lab(&["backwards", "drawer"])), "reward\n");
    assert_eq!(lab(&["parse", "--", "backwards", "drawer"]).status.code(), Some(0));
    for words in [&["backwards"][..], &["parse", "--", "backwards"]] {
        assert_eq!(lab(words).status.code(), Some(2), "{words:?}");
    }
}

#[test]
fn an_error_by_hand_is_one_line_with_status_1() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    let output = lab(&["serve", "mute", "--addr", &address]);
    assert_eq!(output.status.code(), Some(1));
    let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(complaint.lines().count(), 1, "{complaint}");
    assert!(complaint.starts_with("error: "), "{complaint}");
}

#[test]
fn every_part_of_the_command_line_has_help() {
    for words in [&["--help"][..], &["run", "--help"], &["serve", "--help"], &["check", "--help"], &["diff", "--help"]]
    {
        let output = lab(words);
        assert!(output.status.success() && text(&output).contains("Usage:"), "{words:?}");
    }
}

#[test]
fn void_performances_are_repeated_and_counted_and_more_than_one_in_a_hundred_fails() {
    let output = fixed("void");
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output).contains("void, the trap could not be laid: the trap stays open"));
    let one = lab(&["run", "one-void", "--fixed", "--repeat", "100"]);
    assert!(one.status.success(), "{}", text(&one));
    assert!(text(&one).contains("100 of 100 as documented, 1 void and repeated"), "{}", text(&one));
    let two = lab(&["run", "two-voids", "--fixed", "--repeat", "100"]);
    assert_eq!(two.status.code(), Some(1), "{}", text(&two));
}

#[test]
fn a_skipped_experiment_says_why_and_is_a_failure_only_where_nothing_may_be_left_out() {
    let run = |words: &[&str], no_skips: &str| {
        let mut command = Command::new(REHEARSAL);
        command.args(words).env("LAB_NO_SKIPS", no_skips).stdin(Stdio::null()).output().expect("the rehearsal starts")
    };
    let output = run(&["run", "unshowable", "--fixed"], "");
    assert!(output.status.success());
    assert!(text(&output).contains("skipped: needs no-such-program, which is not installed here"), "{}", text(&output));
    assert_eq!(run(&["run", "unshowable", "--fixed"], "1").status.code(), Some(1));
    let repeated = run(&["run", "unshowable", "--repeat", "5"], "");
    assert!(repeated.status.success());
    assert!(text(&repeated).contains("skipped: needs"), "{}", text(&repeated));
    assert!(!text(&repeated).contains("as documented"), "{}", text(&repeated));
    assert_eq!(run(&["run", "unshowable", "--repeat", "5"], "1").status.code(), Some(1));
}

#[test]
fn a_story_that_differs_from_run_to_run_is_a_failure() {
    let output = lab(&["run", "fickle", "--fixed", "--repeat", "2"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output).contains("the story was not the same each time"), "{}", text(&output));
}

#[test]
fn a_failure_lists_every_step_before_it() {
    let told = text(&fixed("grouch"));
    let (complaint, failure) = (told.find("complains: error: I do not serve today"), told.find("the lab failed"));
    assert!(complaint.is_some() && complaint < failure, "{told}");
}

#[test]
fn the_whole_record_is_json_without_ports() {
    let json: serde_json::Value =
        serde_json::from_slice(&lab(&["run", "mute", "--fixed", "--json"]).stdout).expect("the record is JSON");
    let performance = &json["performances"][0];
    assert_eq!(performance["verdict"], "as documented");
    assert_eq!(performance["record"][0]["text"], "listening on <server>");
    assert_eq!(performance["record"][1]["what"], "typed");
    let sent = performance["record"].as_array().expect("events").iter().find(|event| event["what"] == "bytes");
    assert_eq!(sent.map(|event| &event["bytes"]), Some(&"68656c6c6f".into()));
}

#[test]
fn a_pipe_gets_plain_text_and_colour_comes_when_forced() {
    let plain = lab(&["diff", "mute"]);
    assert!(!plain.stdout.contains(&0x1b));
    let words = ["diff", "mute"];
    let forced = Command::new(REHEARSAL).args(words).env("CLICOLOR_FORCE", "1").output().expect("starts");
    assert!(forced.stdout.contains(&0x1b));
    let refused =
        Command::new(REHEARSAL).args(words).env("CLICOLOR_FORCE", "1").env("NO_COLOR", "1").output().expect("starts");
    assert!(!refused.stdout.contains(&0x1b));
}

#[test]
fn an_attacker_drips_until_the_server_has_read_the_last_byte_or_hangs_up() {
    let told = text(&lab(&["run", "drip"]));
    assert!(told.contains("breaks: the server read to the last byte"), "{told}");
    assert!(told.contains("holds: the server hung up"), "{told}");
    assert!(told.contains("attacker             goes on, a byte now and then"), "{told}");
}

#[test]
fn an_attacker_that_drips_too_slowly_has_laid_no_trap() {
    let told = text(&fixed("late-drip"));
    assert!(told.contains("void, the trap could not be laid: the attacker came too late with a byte"), "{told}");
}

/// A play that only some machines can perform holds there.
fn holds_or_is_skipped(name: &str) -> Option<String> {
    let output = fixed(name);
    let text = text(&output);
    assert!(output.status.success() && (text.contains("holds: ") || text.contains("skipped: ")), "{text}");
    if text.contains("skipped: ") {
        println!("{text}");
        return None;
    }
    Some(text)
}

#[test]
fn one_actor_is_asked_to_stop_in_the_middle_of_a_connection() {
    if let Some(told) = holds_or_is_skipped("interrupted") {
        let story = "
    server -> attacker   \"hello\"   (5 bytes)
    server               is asked to stop: Ctrl-C
    server -> attacker   FIN, the end of this direction
";
        assert!(told.contains(story), "{told}");
    }
}

#[test]
fn a_running_server_gets_a_limit_of_descriptors_and_of_memory() {
    if let Some(told) = holds_or_is_skipped("spare-descriptors") {
        assert!(told.contains("may open 4 more files or sockets, and no others"), "{told}");
    }
    if let Some(told) = holds_or_is_skipped("spare-memory") {
        assert!(told.contains("may have 32768 KiB more memory, and no more"), "{told}");
    }
}

#[test]
fn a_server_that_sleeps_and_a_busy_one_are_told_apart_while_nobody_waits_for_them() {
    holds_or_is_skipped("restless");
}

#[test]
fn a_tool_of_a_lesson_has_a_server_of_its_own_for_as_long_as_it_wants() {
    let told = text(&lab(&["own-server", "mute"]));
    let process = told.strip_prefix("process ").and_then(|rest| rest.lines().next()).expect("the first line");
    assert_eq!(told, format!("process {process}\nanswers hello\nis gone\n"));
    let process = process.parse().expect("a number");
    assert_eq!(lab::kernel::activity(process), None);
}

#[test]
fn a_server_of_a_tool_that_does_not_listen_is_told_in_its_own_words() {
    let grouch = lab(&["own-server", "grouch"]);
    assert_eq!(grouch.status.code(), Some(1));
    assert_eq!(text(&grouch), "error: I do not serve today\n");
    let polite = lab(&["own-server", "polite"]);
    assert_eq!(polite.status.code(), Some(1));
    assert_eq!(text(&polite), "error: the server was to say first where it listens, and said: good morning\n");
}

#[test]
fn a_closed_output_ends_the_lab_quietly() {
    let mut child = Command::new(REHEARSAL)
        .args(["run", "mute", "--repeat", "3"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("starts");
    let mut first = String::new();
    BufReader::new(child.stdout.take().expect("a pipe")).read_line(&mut first).expect("a line");
    let output = child.wait_with_output().expect("ends");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[test]
fn a_rebuild_during_a_run_harms_nothing() {
    if !cfg!(target_os = "linux") {
        lab::testing::skip("only Linux can start a program again whose file has been replaced");
        return;
    }
    let folder = std::env::temp_dir().join(format!("rehearsal-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    for cast in ["--broken", "--fixed"] {
        let copy = folder.join(format!("rehearsal{cast}"));
        std::fs::copy(REHEARSAL, &copy).expect("a copy");
        let output = Command::new(&copy)
            .args(["run", "rebuilt", "--fixed"])
            .env("REHEARSAL_COPY", &copy)
            .output()
            .expect("starts");
        assert!(output.status.success(), "{}", text(&output));
    }
    std::fs::remove_dir_all(&folder).expect("the folder goes");
}

mod yours {
    use super::*;

    const ECHO: &str = "import socket,sys
listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    stream, _ = listener.accept()
    while data := stream.recv(1000):
        stream.sendall(data[:int(sys.argv[3])])
    stream.close()
";
    const COUNT: &str = "import socket,sys
listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
stream, _ = listener.accept()
lengths = bytearray()
while data := stream.recv(200):
    lengths.append(len(data))
stream.sendall(lengths)
stream.close()
";

    fn python_is_here() -> bool {
        let here = Command::new("python3").arg("--version").output().is_ok();
        if !here {
            lab::testing::skip("python3 is not installed here");
        }
        here
    }

    #[test]
    fn a_server_in_another_language_holds_or_breaks_and_the_first_wrong_byte_is_marked() {
        if !python_is_here() {
            return;
        }
        let check = |most| lab(&["check", "mute", "--server", "--", "python3", "-c", ECHO, "{host}", "{port}", most]);
        let right = check("1000");
        assert!(right.status.success() && text(&right).contains("holds: "), "{}", text(&right));
        let wrong = check("3");
        assert_eq!(wrong.status.code(), Some(1), "{}", text(&wrong));
        assert!(text(&wrong).contains("breaks: the answer has 3 bytes instead of 5"), "{}", text(&wrong));
        assert!(text(&wrong).contains("^^ 2 bytes missing, from byte 3 on"), "{}", text(&wrong));
    }

    #[test]
    fn a_server_that_never_listens_is_told_with_its_last_words() {
        if !python_is_here() {
            return;
        }
        let output = lab(&["check", "mute", "--server", "--", "python3", "-c", "import no_such_module"]);
        assert_eq!(output.status.code(), Some(1));
        assert!(text(&output).contains("ends with status 1 before it listened"), "{}", text(&output));
        assert!(text(&output).contains("No module named 'no_such_module'"), "{}", text(&output));
    }

    #[test]
    fn a_gate_keeps_pieces_apart_for_a_reader_in_python_while_both_cores_are_busy() {
        if !python_is_here() || !lab::testing::sees_sockets() {
            return;
        }
        let _busy = Busy::start();
        let words = ["check", "piece-by-piece", "--server", "--", "python3", "-c", COUNT, "{host}", "{port}"];
        let output = Command::new(REHEARSAL).args(words).env("REHEARSAL_PIECES", "2000").output().expect("starts");
        assert!(output.status.success(), "{}", text(&output));
        assert!(text(&output).contains("kept:  what the judge of the twins asks for"), "{}", text(&output));
    }
}

/// Keeps every core busy until it is dropped.
struct Busy(Vec<std::process::Child>);

impl Busy {
    fn start() -> Busy {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        let burn = || Command::new(REHEARSAL).arg("burn").stdin(Stdio::null()).spawn().expect("starts");
        Busy((0..cores).map(|_| burn()).collect())
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        for child in &mut self.0 {
            child.kill().expect("it runs until it is killed");
            child.wait().expect("it was started here");
        }
    }
}

#[test]
fn a_gate_lets_no_two_of_ten_thousand_pieces_join_while_both_cores_are_busy() {
    if !lab::testing::sees_sockets() {
        return;
    }
    let _busy = Busy::start();
    let words = ["run", "piece-by-piece", "--fixed"];
    let output = Command::new(REHEARSAL).args(words).env("REHEARSAL_PIECES", "10000").output().expect("starts");
    assert!(output.status.success(), "{}", text(&output));
    assert!(text(&output).contains("holds: each piece was one read"), "{}", text(&output));
}

/// Whatever ends the lab, no process of it is left.
#[cfg(target_os = "linux")]
mod nothing_is_left {
    use super::*;
    use std::process::Child;
    use std::time::{Duration, Instant};

    /// Processes that carry the mark of this lab, the guard's own children included.
    fn marked(lab: u32) -> usize {
        let mark = format!("LAB_MARK={lab}");
        let carries = |environment: Vec<u8>| environment.split(|byte| *byte == 0).any(|item| item == mark.as_bytes());
        let processes = std::fs::read_dir("/proc").expect("/proc").flatten();
        processes.filter(|entry| std::fs::read(entry.path().join("environ")).is_ok_and(carries)).count()
    }

    fn until(what: &str, holds: impl Fn() -> bool) {
        let deadline = Instant::now() + Duration::from_secs(20);
        while !holds() {
            assert!(Instant::now() < deadline, "this did not happen: {what}");
            std::thread::park_timeout(Duration::from_millis(2));
        }
    }

    fn on_the_stage(name: &str) -> Child {
        let mut command = Command::new(REHEARSAL);
        command.args(["run", name, "--fixed"]).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn().expect("starts")
    }

    fn signalled(signal: &str) -> std::process::ExitStatus {
        let mut lab = on_the_stage("waiting");
        let mut line = String::new();
        BufReader::new(lab.stdout.as_mut().expect("a pipe")).read_line(&mut line).expect("a line");
        assert_eq!(line, "on the stage\n");
        // A process carries its mark a moment after it was started: execve(2) closes descriptors first.
        until("a server and a client", || marked(lab.id()) == 2);
        let id = lab.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().expect("kill(1)").success());
        let status = lab.wait().expect("ends");
        until("nothing is left", || marked(lab.id()) == 0);
        status
    }

    #[test]
    fn after_sigkill() {
        assert!(!signalled("-KILL").success());
    }

    #[test]
    fn after_sigkill_of_a_tool_with_a_server_of_its_own() {
        let mut command = Command::new(REHEARSAL);
        let mut tool =
            command.args(["own-server", "mute", "--keep"]).stdout(Stdio::piped()).spawn().expect("the tool starts");
        let mut line = String::new();
        BufReader::new(tool.stdout.as_mut().expect("a pipe")).read_line(&mut line).expect("a line");
        assert!(line.starts_with("process "), "{line}");
        until("a server", || marked(tool.id()) == 1);
        tool.kill().expect("it runs until it is killed");
        tool.wait().expect("it was started here");
        until("nothing is left", || marked(tool.id()) == 0);
    }

    #[test]
    fn after_ctrl_c_and_the_status_says_so() {
        assert_eq!(signalled("-INT").code(), Some(130));
    }

    #[test]
    fn after_a_panic_in_the_play() {
        let lab = on_the_stage("panic");
        let id = lab.id();
        let output = lab.wait_with_output().expect("ends");
        assert!(!output.status.success());
        until("nothing is left", || marked(id) == 0);
    }

    #[test]
    fn after_an_ordinary_end_even_of_a_grandchild() {
        let lab = on_the_stage("family");
        let id = lab.id();
        assert!(lab.wait_with_output().expect("ends").status.success());
        until("nothing is left", || marked(id) == 0);
    }
}

#[cfg(target_os = "linux")]
mod processor_time {
    use super::*;
    use std::os::unix::process::CommandExt;
    use std::process::Child;
    use std::time::{Duration, Instant};

    use lab::kernel::processor_time;

    /// The unit of proc_pid_stat(5).
    const TICK: Duration = Duration::from_millis(10);

    /// A shell in a group of its own, and what it started.
    struct Family(Child);

    impl Drop for Family {
        fn drop(&mut self) {
            let group = format!("-{}", self.0.id());
            // The group has ended where the test has come to its end.
            let _ = Command::new("kill").args(["-KILL", "--", &group]).stderr(Stdio::null()).status();
            let _ = self.0.wait();
        }
    }

    #[test]
    fn is_that_of_living_children_and_of_those_that_were_waited_for() {
        let begin = Instant::now();
        let mut command = Command::new("sh");
        command.args(["-c", "\"$0\" burn & echo $!; read line; kill $!; wait $!; echo over; read line", REHEARSAL]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).process_group(0);
        let mut family = Family(command.spawn().expect("a shell"));
        let shell = family.0.id();
        let mut said = BufReader::new(family.0.stdout.take().expect("a pipe")).lines();
        let child = said.next().expect("a line").expect("text").parse().expect("the number of a process");
        let used = |process| processor_time(process).expect("it runs");
        // The shell itself uses next to none.
        while used(child) < 5 * TICK {
            assert!(begin.elapsed() < Duration::from_secs(20), "nothing was counted");
            std::thread::park_timeout(Duration::from_millis(2));
        }
        let living = used(shell);
        assert!(living >= 5 * TICK && living <= begin.elapsed() + TICK, "{living:?}");
        let mut typed = family.0.stdin.take().expect("a pipe");
        std::io::Write::write_all(&mut typed, b"\n").expect("the shell reads");
        assert_eq!(said.next().expect("a line").expect("text"), "over");
        assert_eq!(processor_time(child), None);
        assert!(used(shell) >= living, "{:?} after {living:?}", used(shell));
        drop(typed);
        family.0.wait().expect("it was started here");
        assert_eq!(processor_time(shell), None);
    }
}
