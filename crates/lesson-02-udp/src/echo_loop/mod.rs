//! `echo-loop`: one forged datagram, and two servers answer each other for ever.

use lab::{
    CLIENT, Check, Experiment, Fates, Finding, Form, Record, Role, Rule, SERVER, Seen, Side, Stage, Way, What, Who,
};

use crate::finished;
use crate::rules::{self, Answer, answers, brief, client, clients_may_fail, named};

mod broken;
mod fixed;
mod peer;

/// When the two servers have sent so many, the lab has seen enough.
const MOST: usize = 10;
const QUESTION: &[u8] = b"hello";
const ANSWER: &[u8] = b"[echo] hello";

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "echo-loop",
    question: "Who ends a conversation in which both sides answer?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    check: Check::Side(Role::Server),
    play,
    judge,
    dissect: lab::dissect_text,
    wire: &[
        "-> datagrams of up to 1000 bytes, the next one when the one before was answered",
        "<- for each one datagram: \"[echo] \" and the same bytes, within 3 seconds, to any number of clients",
        "what begins with \"[echo] \" is an answer, and gets none",
        "a second server like yours runs at another address; a stranger writes its address where the sender's belongs",
    ],
    forms: |_| forms(),
    finished: Some(finished::rehearsal(&[], judge_finished)),
    ..lab::EXPERIMENT
};

fn forms() -> Vec<Form> {
    let long = "0123456789".repeat(100);
    vec![
        forged("a forged question between two servers", QUESTION),
        forged("a forged question with a mark in it", b"what is [echo] here?"),
        asked("clients with all kinds of questions", vec!["one", "what is [echo] here?", "", &long, "one"]),
    ]
}

fn forged(name: &str, question: &'static [u8]) -> Form {
    let form = Form::new(name, move |stage| {
        stage.datagrams();
        let first = stage.server()?;
        let second = stage.another_server()?;
        stage.bridge(first, second, MOST)?;
        stage.forge(second, first, question)?;
        // A server may take its time before it answers an answer.
        rules::rest(stage, |stage| stage.record(cut_off).then_some(()))?;
        Ok(())
    });
    let sent = |record: &Record, way| record.datagrams(1, way);
    let no_answer = Rule::new("answers-no-answer", "an answer is not answered", move |record| {
        let [to, back] = [sent(record, Way::ToServer), sent(record, Way::ToClient)];
        match (cut_off(record), to.get(1)) {
            (true, _) => {
                Seen::Violated(format!("the two servers answered each other until the lab cut them off after {MOST}"))
            }
            (false, Some(answer)) => Seen::Violated(format!(
                "the second server answered the answer of the first, {}, with {}",
                back.first().map_or("which came late".to_string(), |first| brief(first)),
                brief(answer)
            )),
            (false, None) => Seen::Kept,
        }
    });
    let is_answered = Rule::new("is-answered", "every question is answered", move |record| {
        let over = [SERVER, SECOND].iter().any(|server| record.exit(*server).is_some());
        Seen::kept_if(
            over || !sent(record, Way::ToClient).is_empty(),
            format!("the server took {} and sent nothing back", named(question)),
        )
    });
    let same_bytes = Rule::new("same-bytes", "each answer is what the wire says", move |record| {
        let expected = [MARK, question].concat();
        match sent(record, Way::ToClient).first() {
            Some(answer) if *answer != expected => Seen::Violated(format!(
                "for {} came back {}; expected: {}",
                named(question),
                brief(answer),
                brief(&expected)
            )),
            _ => Seen::Kept,
        }
    });
    form.rule(
        no_answer
            .hint("whoever answers everything can be made to talk forever: answer nothing that looks like an answer"),
    )
    .rule(is_answered)
    .rule(same_bytes)
}

/// The other server.
const SECOND: Who = Who { number: 2, ..SERVER };
/// What an answer begins with.
const MARK: &[u8] = b"[echo] ";

/// A client that is typed these lines, and another one.
fn asked(name: &str, lines: Vec<&str>) -> Form {
    let lines: Vec<String> = lines.into_iter().map(ToString::to_string).collect();
    let typed = lines.clone();
    let form = Form::new(name, move |stage| {
        stage.datagrams();
        stage.server()?;
        stage.datagram_relay(Fates::default())?;
        stage.client(&typed.iter().map(String::as_str).collect::<Vec<_>>())?;
        stage.ends(CLIENT)?;
        stage.client(&["hello"])?;
        stage.ends(client(2))
    });
    let hint =
        "answer every datagram that does not begin with the mark, however often its sender or its text came before";
    let expected = |line: &str| Answer { question: named(line.as_bytes()), bytes: [MARK, line.as_bytes()].concat() };
    let first = lines.iter().map(|line| expected(line)).collect();
    let form = answers(clients_may_fail(form, 2), CLIENT, 1, first, hint);
    answers(form, client(2), 2, vec![expected("hello")], hint)
}

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.datagrams();
    let first = stage.server()?;
    let second = stage.another_server()?;
    stage.bridge(first, second, MOST)?;
    stage.forge(second, first, QUESTION)?;
    stage.settle()
}

fn judge(record: &Record) -> Finding {
    let answers = record.datagrams(1, Way::ToClient);
    if cut_off(record) {
        Finding::Broke(format!(
            "one forged datagram, and two servers answer each other until the lab cuts them off after {MOST}"
        ))
    } else if answers.is_empty() {
        Finding::Other("the question was not answered at all, and it could have come from an honest client".to_string())
    } else if answers != [ANSWER] {
        Finding::Other("the answer to hello is not the one datagram [echo] hello".to_string())
    } else if quiet(record) {
        Finding::Held(
            "the forged question was answered, and the answer was not: after two datagrams all is quiet".to_string(),
        )
    } else {
        Finding::Other("the second server answered an answer".to_string())
    }
}

fn judge_finished(record: &Record) -> Finding {
    if quiet(record) && !cut_off(record) {
        Finding::Held("the time server answered the forged question, and its answer got no answer".to_string())
    } else {
        Finding::Other("the two time servers sent each other more than one question and its answer".to_string())
    }
}

/// Whether the servers went on until the lab handed nothing on any more.
fn cut_off(record: &Record) -> bool {
    record.events.iter().any(|event| matches!(event.what, What::Stalled { .. }))
}

/// Whether the forged question and its answer are all that there was.
fn quiet(record: &Record) -> bool {
    [Way::ToServer, Way::ToClient].iter().all(|way| record.datagrams(1, *way).len() == 1)
}
