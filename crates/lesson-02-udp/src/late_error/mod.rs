//! `late-error`: a datagram finds the server away; the server is back when the next one is sent.

use lab::{
    Allowed, CLIENT, Check, Exit, Experiment, Finding, Form, Need, Record, Role, Rule, SERVER, Seen, Side, Stage, Who,
};

use crate::dead_port::deaf;
use crate::finished;
use crate::rules::{self, end};

mod broken;
mod fixed;
mod peer;

/// The server after its restart.
const RESTARTED: Who = Who { number: 2, ..SERVER };

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "late-error",
    question: "The server is back. Why is its client refused?",
    twins: lab::twins!(),
    server: Side::Peer(peer::serve),
    client: Side::Twins { broken: broken::connect, fixed: fixed::connect },
    check: Check::Side(Role::Client),
    needs: &[
        Need::Unix("Windows keeps the error for a receive, and this client never receives"),
        Need::PortUnreachable,
    ],
    play,
    judge,
    dissect: lab::dissect_text,
    wire: &[
        "-> for each line of standard input, as soon as it is typed, one datagram: the line, without its newline",
        "<- nothing is answered",
        "the server is away for a while: what is sent meanwhile is lost",
        "every line that is typed while the server is there arrives, once",
        "end with status 0 when the input has ended",
    ],
    forms: |_| forms(),
    finished: Some(lab::Rehearsal { play: Some(play_finished), ..finished::rehearsal(&[], judge_finished) }),
    ..lab::EXPERIMENT
};

/// Lines that are typed while the server is there, and then while it is away; again and again.
type Turns = &'static [(&'static [&'static str], &'static [&'static str])];

fn forms() -> Vec<Form> {
    vec![
        away("the server is away for one line", &[(&["one"], &["two"]), (&["three"], &[])]),
        away("the server is away for two lines", &[(&["one"], &["two", "three"]), (&["four", "five", "six"], &[])]),
        away("the server is away twice", &[(&["one"], &["two"]), (&["three"], &["four"]), (&["five", "six"], &[])]),
    ]
}

fn away(name: &str, turns: Turns) -> Form {
    let form = Form::new(name, move |stage| {
        stage.datagrams();
        let mut server = stage.server()?;
        stage.talkative_client()?;
        for (turn, (there, lost)) in turns.iter().enumerate() {
            for line in *there {
                stage.type_line(CLIENT, line)?;
                rules::rest(stage, |stage| {
                    stage.record(|record| record.exit(CLIENT).is_some() || heard(record, server, line)).then_some(())
                })?;
            }
            if turn + 1 == turns.len() {
                break;
            }
            stage.kill(server)?;
            let away = deaf(stage)?;
            for line in *lost {
                stage.type_line(CLIENT, line)?;
                stage.settle()?;
            }
            drop(away);
            let back = Who { number: server.number + 1, ..server };
            stage.step(back, "is started at the same address");
            server = stage.server_again()?;
        }
        stage.settle()?;
        stage.end_input(CLIENT)?;
        stage.ends(CLIENT)?;
        stage.settle()
    });
    let arrives = Rule::new("arrives", "every line that is typed while the server is there arrives", move |record| {
        let missing = lines_to_hear(turns).find(|(server, line)| !heard(record, *server, line));
        match missing {
            Some((SERVER, line)) => {
                Seen::Violated(format!("the line {line:?} never reached the server: {}", end(record)))
            }
            Some((_, line)) => {
                Seen::Violated(format!("the server was back, and the line {line:?} never reached it: {}", end(record)))
            }
            None => Seen::Kept,
        }
    });
    let once = Rule::new("once", "no line arrives twice", move |record| {
        let all = || turns.iter().flat_map(|(there, lost)| there.iter().chain(*lost));
        let times =
            |line: &str| (1..=turns.len()).map(|number| times(record, Who { number, ..SERVER }, line)).sum::<usize>();
        match all().find(|line| times(line) > 1) {
            Some(line) => Seen::Violated(format!("the line {line:?} arrived {} times", times(line))),
            None => Seen::Kept,
        }
    });
    form.allow(Allowed::Hangs(CLIENT))
        .allow(Allowed::Fails(CLIENT))
        .rule(arrives.hint(
            "a send that fails with ConnectionRefused tells of an earlier datagram and has sent nothing: send the line again",
        ))
        .rule(once.hint("send a line again only when the send failed"))
        .struck_if(move |record| {
            let servers = || (1..=turns.len()).map(|number| Who { number, ..SERVER });
            let mut lost = turns.iter().flat_map(|(_, lost)| *lost);
            match lost.find(|line| servers().any(|server| heard(record, server, line))) {
                None => Ok(()),
                Some(line) => Err(format!(
                    "the line {line:?} arrived although nobody was there when it was typed, so no error came of it: send each \
                     line once, as soon as it is typed"
                )),
            }
        })
        .rule(rules::ends(move |record| lines_to_hear(turns).all(|(server, line)| heard(record, server, line))))
}

/// The lines that are typed while a server is there, and which server that is.
fn lines_to_hear(turns: Turns) -> impl Iterator<Item = (Who, &'static str)> {
    let servers = (1..).map(|number| Who { number, ..SERVER });
    servers.zip(turns).flat_map(|(server, (there, _))| there.iter().map(move |line| (server, *line)))
}

fn heard(record: &Record, server: Who, line: &str) -> bool {
    times(record, server, line) > 0
}

fn times(record: &Record, server: Who, line: &str) -> usize {
    record.lines(server).into_iter().filter(|heard| *heard == line).count()
}

/// Without a relay: its port would be there when the server is away.
fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.datagrams();
    stage.lockstep();
    stage.server()?;
    stage.talkative_client()?;
    stage.type_line(CLIENT, "one")?;
    stage.says(SERVER, "one")?;
    stage.kill(SERVER)?;
    let away = deaf(stage)?;
    stage.type_line(CLIENT, "two")?;
    // Sent, and on loopback the error is back before the call is.
    stage.settle()?;
    drop(away);
    stage.step(RESTARTED, "is started at the same address");
    stage.server_again()?;
    stage.type_line(CLIENT, "three")?;
    stage.settle()?;
    stage.end_input(CLIENT)?;
    stage.ends(CLIENT)?;
    stage.settle()
}

fn judge(record: &Record) -> Finding {
    let heard = record.lines(RESTARTED).contains(&"three");
    match record.exit(CLIENT) {
        Some(exit) if exit.is_success() && heard => Finding::Held(
            "the error was about a line that found nobody: the client sent again, and the server has the next line"
                .to_string(),
        ),
        Some(exit) if exit.is_success() => Finding::Other(
            "the client went on, but the server never had the third line: a call that reports an earlier datagram does \
             not send its own"
                .to_string(),
        ),
        Some(Exit::Status(_)) if !heard => Finding::Broke(
            "the server is back, and the client gave up: it was told of an earlier line, and did not send this one"
                .to_string(),
        ),
        None if record.hung(CLIENT).is_some() => {
            Finding::Other("the client waits: nothing is answered here, and its input has ended".to_string())
        }
        _ => Finding::Other("the client did not end in the ordinary way".to_string()),
    }
}

/// The client of the finished program waits for each answer, so it learns at once that the second line found nobody.
fn play_finished(stage: &mut Stage) -> anyhow::Result<()> {
    stage.datagrams();
    stage.server()?;
    stage.talkative_client()?;
    stage.type_line(CLIENT, "one")?;
    stage.says(CLIENT, "one")?;
    stage.settle()?;
    stage.kill(SERVER)?;
    let away = deaf(stage)?;
    stage.type_line(CLIENT, "two")?;
    stage.wait("the client is told", |record| !record.complaints(CLIENT).is_empty())?;
    drop(away);
    stage.step(RESTARTED, "is started at the same address");
    stage.server_again()?;
    stage.type_line(CLIENT, "three")?;
    stage.end_input(CLIENT)?;
    stage.ends(CLIENT)?;
    stage.settle()
}

fn judge_finished(record: &Record) -> Finding {
    let complaints = record.complaints(CLIENT);
    let told = matches!(complaints[..], [line] if line.contains("nobody receives datagrams"));
    // The status says that one line was not answered.
    let failed = matches!(record.exit(CLIENT), Some(Exit::Status(1)));
    finished::finding(
        told && finished::answered(record, &["one", "three"]) && failed && record.exit(RESTARTED).is_none(),
        "the line that found nobody was lost, the client said so and went on, and the next line was answered",
    )
}
