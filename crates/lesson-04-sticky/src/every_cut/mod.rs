//! `every-cut`: a stream of 11 bytes, two messages, is handed on in every way in which it can be cut.

use lab::{
    At, CLIENT, Check, Experiment, Finding, Form, Need, Record, Rehearsal, Role, Rule, Script, Seen, Side, Stage, Step,
    Way, What,
};

use crate::finished;
use crate::joined::forms;

#[expect(clippy::disallowed_methods, reason = "the single read is the mistake")]
mod broken;
#[expect(clippy::disallowed_methods, reason = "takes any part of the stream as it comes, and keeps the rest")]
mod fixed;
#[expect(clippy::disallowed_methods, reason = "the end of the stream ends the answers, and take is the limit")]
mod peer;

const INPUT: &[&str] = &["hello", "eggs"];
/// Bytes of both messages with their newlines.
const LENGTH: usize = 11;
/// At each of the 10 places between two bytes there is a cut or there is none.
const WAYS: usize = 1 << (LENGTH - 1);
const ANSWER: &[u8] = b"-----> hello\n-----> eggs\n";

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "every-cut",
    question: "How often is one read one message?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    check: Check::Side(Role::Server),
    needs: &[
        Need::Linux("elsewhere a pause has to stand for each of the 5120 cuts, which takes minutes"),
        Need::SocketTables,
    ],
    play,
    judge,
    dissect: lab::dissect_lines,
    wire: forms::WIRE,
    forms: |_| forms(),
    finished: Some(Rehearsal { play: Some(play_finished), ..finished::rehearsal(INPUT, judge) }),
    ..lab::EXPERIMENT
};

fn forms() -> Vec<Form> {
    let every = Form::new("11 bytes, cut in all 1024 ways", play).rule(every_way_is_right());
    vec![
        every.wanted(1, Way::ToClient, ANSWER).wanted(2, Way::ToClient, ANSWER),
        each_cut_alone(),
        byte_by_byte(),
        forms::leaves_inside_a_message(),
        forms::waits_for_each_answer(),
        forms::keeps_blanks(),
    ]
}

/// Two messages again and again over one connection, cut at the first place in the first round, at the second in the
/// second, and so on.
fn each_cut_alone() -> Form {
    const PAIR: [&str; 2] = ["h\u{e9}\u{20ac}llo", "omelette"];
    let length: usize = PAIR.iter().map(|message| message.len() + 1).sum();
    let rounds = length - 1;
    let cuts = (0..rounds).map(|round| round * length + round + 1);
    pieces("two messages, cut at each place in turn", &PAIR.repeat(rounds), cuts.collect())
}

fn pieces(name: &str, messages: &[&str], places: Vec<usize>) -> Form {
    let sent = messages.iter().map(|message| format!("{message}\n").into_bytes()).collect();
    forms::pieces(name, messages, sent, places)
}

fn byte_by_byte() -> Form {
    let messages = ["h\u{e9}\u{20ac}llo", "egg"];
    let length: usize = messages.iter().map(|message| message.len() + 1).sum();
    pieces("two messages, byte by byte", &messages, (1..length).collect())
}

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    stage.relay(ways().iter().map(|cuts| script(cuts)).collect::<Vec<_>>())?;
    stage.client(INPUT)?;
    loop {
        let before = stage.record(Record::connections);
        match stage.ends(CLIENT) {
            // A busy machine may need longer than the lab waits for one ending.
            Err(_) if stage.record(Record::connections) > before => {}
            outcome => return outcome,
        }
    }
}

/// The finished client makes one connection and no more, so the lab itself cuts the stream, without a relay.
fn play_finished(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    let stream: String = INPUT.iter().map(|message| format!("{message}\n")).collect();
    for cuts in ways() {
        let mut peer = stage.attacker()?;
        let mut from = 0;
        for cut in cuts {
            peer.send(&stream.as_bytes()[from..cut]);
            peer.taken();
            from = cut;
        }
        peer.send(&stream.as_bytes()[from..]);
        peer.half_close();
        peer.receive_all(1024);
    }
    Ok(())
}

/// Every set of places, those with the fewest cuts first.
fn ways() -> Vec<Vec<usize>> {
    let places = |cuts: usize| (1..LENGTH).filter(|place| cuts & 1 << (place - 1) != 0).collect();
    let mut ways: Vec<Vec<usize>> = (0..WAYS).map(places).collect();
    ways.sort_by(|one, other| one.len().cmp(&other.len()).then(one.cmp(other)));
    ways
}

/// The server has read each piece before it is given the next. What it answers is held back to the end, so that the
/// story is the same whenever it answers.
fn script(cuts: &[usize]) -> Script {
    let mut steps = vec![Step::Hold(At::StreamEnd)];
    for cut in cuts {
        steps.extend([Step::Send(At::Byte(*cut)), Step::Gate]);
    }
    Script::to_server(steps).and(Way::ToClient, [Step::Hold(At::StreamEnd)])
}

/// What came back on each connection.
fn answers(record: &Record) -> Vec<Vec<u8>> {
    let mut answers = vec![Vec::new(); record.connections()];
    for event in &record.events {
        if let (Some(connection), What::Bytes { way: Way::ToClient, bytes, .. }) = (event.connection, &event.what) {
            answers[connection - 1].extend_from_slice(bytes);
        }
    }
    answers
}

fn every_way_is_right() -> Rule {
    let requires = format!("both messages are told apart in each of the {WAYS} ways to cut 11 bytes");
    Rule::new("bytes", requires, |record| {
        let answers = answers(record);
        let right = answers.iter().filter(|answer| *answer == ANSWER).count();
        let Some(wrong) = answers.iter().position(|answer| answer != ANSWER) else {
            let stopped = format!("the client came no further than connection {right} of {WAYS}");
            return Seen::kept_if(answers.len() == WAYS, stopped);
        };
        let cuts: Vec<String> = ways()[wrong.min(WAYS - 1)].iter().map(ToString::to_string).collect();
        let place =
            if cuts.is_empty() { "without a cut".to_string() } else { format!("cut after {}", cuts.join(", ")) };
        Seen::Violated(format!(
            "only {right} of {} connections were answered rightly; {place}: {}",
            answers.len(),
            forms::difference(&answers[wrong], ANSWER)
        ))
    })
    .hint(forms::KEEP)
}

fn judge(record: &Record) -> Finding {
    let (connections, answers) = (record.connections(), answers(record));
    let right: Vec<usize> = (0..connections).filter(|connection| answers[*connection] == ANSWER).collect();
    let only = right.first().and_then(|connection| ways().get(*connection).cloned()).unwrap_or_default();
    if connections < WAYS || record.hung(CLIENT).is_some() {
        Finding::Other(format!("the server does nothing more after connection {connections} of {WAYS}"))
    } else if right.len() == WAYS {
        Finding::Held(format!("both messages were told apart in all of the {WAYS} ways to cut 11 bytes"))
    } else if right.len() == 1 && only == [6] {
        Finding::Broke(format!(
            "one read was one message in 1 of the {WAYS} ways to cut 11 bytes: the only cut was behind the first newline"
        ))
    } else {
        let count = right.len();
        Finding::Other(format!("both messages were told apart in {count} of the {WAYS} ways to cut 11 bytes"))
    }
}
