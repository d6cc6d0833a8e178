//! `exact-words`: the relay hands on two commands as one piece, and one command as two.

use lab::{
    At, CLIENT, Check, Experiment, Finding, Form, Misread, Record, Rehearsal, Role, Rule, SERVER, Script, Seen, Side,
    Span, Stage, Step, Way, What, wire,
};

use crate::finished;
use crate::guest::{self, Guest, Played, SERVED};
use crate::wire::{AGAIN, GREETING, ZERO};

#[expect(clippy::disallowed_methods, reason = "that a read gives one command is the mistake")]
mod broken;
mod fixed;
mod peer;

const LINES: &[&str] = &["0", "0", "exit"];
const ANSWERS: &[u8] = "我是多线程您输入的是0您输入的是0".as_bytes();

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "exact-words",
    question: "I sent exit. Why does the server say: enter again?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    check: Check::Side(Role::Server),
    play,
    judge,
    dissect: crate::wire::dissect,
    misread: Some(Misread {
        reader: Role::Server,
        belief: "one read gives one command",
        meant: Some(|pieces| split_lines(&pieces.concat()).map(|line| command(line, b"\n")).collect()),
        names: |pieces| pieces.iter().map(|piece| command(piece, b"")).collect(),
    }),
    wire: &[
        crate::wire::GREETS,
        "-> commands, each ended by a newline (0a), 1000 bytes at most without it: 0, exit, or anything else, also nothing",
        "<- to 0: 您输入的是0; to anything else: 请重新输入. (16 bytes each, no newline), in their order, each as soon as \
         its newline has come and not before",
        "the client waits for no answer: commands come in any pieces, up to 20,000 bytes of them at a time",
        "after exit, end your stream and answer nothing more; end it as well when the client has ended its own",
        "one client at a time will do",
    ],
    forms: |_| forms(),
    finished: Some(Rehearsal {
        play: Some(play_finished),
        serve: &["--lines"],
        ..finished::rehearsal(LINES, judge_finished)
    }),
    ..lab::EXPERIMENT
};

fn split_lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes.split_inclusive(|byte| *byte == b'\n')
}

/// What a command is taken for, with this at its end.
fn command(bytes: &[u8], end: &[u8]) -> Span {
    let name = match bytes.strip_suffix(end) {
        Some(b"0") => "0",
        Some(b"exit") => "exit",
        Some(_) => "another word",
        None => "no end of a command",
    };
    Span { length: bytes.len(), name: name.to_string() }
}

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    stage.relay([Script::to_server([
        Step::Hold(At::Byte(4)),
        Step::Settle,
        Step::Send(At::Byte(4)),
        Step::Settle,
        Step::Hold(At::Byte(6)),
        Step::Send(At::Byte(6)),
        Step::Settle,
    ])])?;
    stage.client(LINES)?;
    stage.ends(CLIENT)
}

/// How a piece is sent: up to here, and not before as much has come; then everybody does all that they can do with it.
fn pieces(ends: impl IntoIterator<Item = usize>) -> Vec<Step> {
    ends.into_iter().flat_map(|end| [Step::Hold(At::Byte(end)), Step::Send(At::Byte(end)), Step::Settle]).collect()
}

/// The answer to a command.
fn answer(command: &str) -> &'static str {
    match command {
        "exit" => "",
        "0" => ZERO,
        _ => AGAIN,
    }
}

/// How many bytes of answers are due when so many bytes of these commands have come, the greeting included.
fn due(commands: &[&str], came: usize) -> usize {
    let mut end = 0;
    let whole = commands.iter().take_while(|command| {
        end += command.len() + 1;
        end <= came
    });
    GREETING.len() + whole.map(|command| answer(command).len()).sum::<usize>()
}

fn forms() -> Vec<Form> {
    let every_byte = "x\n00\n0\nexit\n".len();
    let long = "a".repeat(1000);
    vec![
        lines(
            "two commands in one piece, and one in two",
            LINES,
            vec![
                Step::Hold(At::Byte(4)),
                Step::Settle,
                Step::Send(At::Byte(4)),
                Step::Settle,
                Step::Hold(At::Byte(6)),
                Step::Send(At::Byte(6)),
                Step::Settle,
            ],
        ),
        lines("two commands and half of one in one piece", LINES, pieces([6])),
        lines("each byte alone", &["x", "00", "0", "exit"], pieces(1..every_byte)),
        lines("words within words, in one piece", &["exit0", "0exit", " exit", "", "0", "exit"], pieces([26])),
        lines(
            "carriage returns, a form feed and a next line within words",
            &["0\r0", "0\u{c}0", "0\u{85}0", "0", "exit"],
            pieces([9]),
        ),
        lines("a command of 1000 bytes in two pieces, and one behind it", &[&long, "0", "exit"], pieces([700, 1003])),
        many("10,000 commands at once", 10_000),
    ]
}

/// One client with these lines through a relay, as netcat would send them, then one more.
fn lines(name: &str, lines: &[&str], steps: Vec<Step>) -> Form {
    let scripts = [Script::to_server(steps)];
    let typed: Vec<String> = lines.iter().map(ToString::to_string).collect();
    let (relayed, input) = (scripts.clone(), typed.clone());
    let play = move |stage: &mut Stage| {
        stage.server()?;
        stage.relay(relayed.clone())?;
        stage.client(&input.iter().map(String::as_str).collect::<Vec<_>>())?;
        stage.ends(CLIENT)
    };
    let answers = lines.iter().map(|line| answer(line)).collect::<String>();
    let mut end = 0;
    let turns: Vec<(usize, usize)> = lines
        .iter()
        .map(|line| {
            let before = due(lines, end);
            end += line.len() + 1;
            (end, before)
        })
        .collect();
    Form::new(name, play)
        .scripts(scripts)
        .rule(wire::in_turn(1, turns, "the commands so far").hint(
            "what one read gives is any part of what was sent: keep what follows the last newline until the rest of it comes",
        ))
        .rule(in_time(typed))
        .bytes(1, Way::ToClient, "what the client gets", [GREETING, &answers].concat())
}

/// When the server has read a piece and done all that it does with it, its whole commands are answered.
fn in_time(lines: Vec<String>) -> Rule {
    let rule = Rule::new("answered", "each command is answered as soon as its newline has come", move |record| {
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let (mut sent, mut came, mut read) = (0, 0, 0);
        for event in record.on(1) {
            match &event.what {
                What::Bytes { way: Way::ToServer, total, .. } => {
                    let wanted = due(&lines, read);
                    if read > 0 && came < wanted {
                        return Seen::Violated(format!(
                            "the server had read {read} bytes, and {came} of the {wanted} bytes of the greeting and of the \
                             answers to the whole commands among them had come when it got more"
                        ));
                    }
                    sent += total;
                }
                What::Bytes { way: Way::ToClient, total, .. } => came += total,
                What::Gate { way: Way::ToServer } => read = sent,
                _ => {}
            }
        }
        Seen::Kept
    });
    rule.hint("answer every whole command of what you have before you read on; a reader with a buffer must live as long as its connection")
}

/// So many commands in one go, straight to the server; then one more client.
fn many(name: &str, commands: usize) -> Form {
    let expected = [GREETING, &ZERO.repeat(commands)].concat();
    let wanted = expected.clone();
    let play = move |stage: &mut Stage| -> Played {
        let mut guest = Guest::enter(stage, &SERVED)?;
        guest.says("0\n".repeat(commands).as_bytes());
        guest.says(b"exit\n");
        guest.hears_up_to(stage, wanted.len() + 1)?;
        let mut next = Guest::enter(stage, &SERVED)?;
        next.says(b"0\n");
        next.hears(stage, GREETING, &SERVED)?;
        next.hears(stage, ZERO, &SERVED)?;
        next.half_closes();
        next.hears_the_end(stage, "", &SERVED)
    };
    guest::form(name, play).bytes(1, Way::ToClient, "what the client gets", expected).rule(SERVED.rule())
}

fn judge(record: &Record) -> Finding {
    let answers = String::from_utf8_lossy(&record.bytes(1, Way::ToClient)).replace('\n', "");
    let ended = record.fin(1, Way::ToClient);
    match answers.strip_prefix(GREETING).map(|answers| (answers, answers.ends_with(AGAIN))) {
        None => Finding::Other("the greeting did not come".to_string()),
        Some((answers, _)) if answers == [ZERO; 2].concat() && ended => Finding::Held(
            "two commands in one piece and one in two pieces: the server found each by its newline".to_string(),
        ),
        Some((answers, _)) if answers == [AGAIN; 3].concat() => Finding::Broke(
            "two commands in one piece and one in two pieces: the server took each piece for a wrong command"
                .to_string(),
        ),
        Some((answers, true)) if answers.starts_with(ZERO) => {
            Finding::Broke("exit came in two pieces, and the server took each for a wrong command".to_string())
        }
        Some(("", _)) => Finding::Other("neither of the two commands in one piece was answered".to_string()),
        Some(_) if !ended => Finding::Other("exit did not end the conversation".to_string()),
        Some(_) => Finding::Other("the two commands in one piece did not get their two answers".to_string()),
    }
}

/// The finished client waits for an answer before it sends the next command: its commands are only cut.
fn play_finished(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    stage.relay([Script::to_server([1, 2, 3, 4, 6].map(|cut| [Step::Send(At::Byte(cut)), Step::Settle]).concat())])?;
    stage.client(&[])?;
    stage.ends(CLIENT)?;
    // The log follows the end of a connection.
    stage.says(SERVER, "ended by exit")?;
    let mut attacker = stage.attacker()?;
    attacker.send(b"0\n0\nexit\n");
    attacker.receive_all(2 * ANSWERS.len());
    Ok(())
}

fn judge_finished(record: &Record) -> Finding {
    let joined = record.bytes(2, Way::ToClient) == ANSWERS && record.fin(2, Way::ToClient);
    let cut = finished::printed(record, &[ZERO; 2]);
    finished::finding(joined && cut, "each command was found by its newline, whether it was cut or joined to others")
}
