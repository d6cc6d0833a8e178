//! `fixed-challenge`: what was recorded of one login is said again.

use std::ops::RangeInclusive;

use common::auth::REFUSAL;
use lab::{
    Allowed, CLIENT, Check, Experiment, Finding, Form, Record, Rehearsal, Role, Rule, Seen, Side, Span, Stage, Way,
};

use crate::finished;
use crate::visitors::{CHALLENGE, ENDS, REFUSED, SIZE, TEXT, attacker, call, forgiving, plain, refusal, tell_once};

#[expect(clippy::disallowed_methods, reason = "writes down whatever piece passes by")]
mod attacker;
#[expect(clippy::disallowed_methods, reason = "upper-cases whatever piece has come")]
mod broken;
#[expect(clippy::disallowed_methods, reason = "upper-cases whatever piece has come")]
mod fixed;
mod peer;

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "fixed-challenge",
    question: "May the server ask every client the same question?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    attacker: Some(attacker::attack),
    check: Check::Side(Role::Server),
    play,
    judge,
    dissect,
    wire: &[
        CHALLENGE,
        "-> 32 bytes: HMAC-SHA-256 of the challenge under the key `only two programs know this key.`",
        TEXT,
        "no challenge comes twice, also not after a restart; what was heard of a login opens nothing",
        REFUSED,
        ENDS,
    ],
    forms: |_| forms(),
    finished: Some(Rehearsal { play: Some(play_finished), ..finished::rehearsal(&["hello"], judge_finished) }),
    ..lab::EXPERIMENT
};

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.varying(&["challenge", "answer"]);
    stage.server()?;
    stage.relay([])?;
    let attacker = stage.attack()?;
    stage.clients_go_to(attacker)?;
    let client = stage.client(&["hello"])?;
    stage.ends(client)?;
    stage.ends(attacker)
}

fn forms() -> Vec<Form> {
    let said_again = Form::new("a recorded login is said again", play).allow(Allowed::Hangs(attacker(1)));
    let eight = Form::new("eight challenges in a row", |stage| {
        stage.server()?;
        for _ in EIGHT {
            let mut visitor = call(stage)?;
            if visitor.receive(SIZE).len() < SIZE {
                break;
            }
            visitor.half_close();
            visitor.receive_all(1024);
        }
        Ok(())
    });
    let later = Form::new("a recorded login is said again when others were there", |stage| {
        stage.server()?;
        stage.relay([])?;
        for line in ["hello", "again"] {
            let client = stage.client(&[line])?;
            stage.ends(client)?;
            if stage.record(|record| record.hung(client).is_some()) {
                return Ok(());
            }
        }
        for connection in [1, 2] {
            let mut visitor = call(stage)?;
            visitor.receive(SIZE);
            let heard = stage.record(|record| record.bytes(connection, Way::ToServer));
            visitor.send(&[heard.get(..SIZE).unwrap_or(&heard), b"stolen"].concat());
            visitor.receive_all(1024);
        }
        Ok(())
    });
    let restart = Form::new("the server is started a second time", |stage| {
        stage.server()?;
        let again = stage.another_server()?;
        stage.relay([])?;
        for place in FIRST.chain(SECOND) {
            if place == *SECOND.start() {
                stage.clients_go_to(again)?;
            }
            let client = stage.client(&["hello"])?;
            stage.ends(client)?;
            if stage.record(|record| record.hung(client).is_some()) {
                break;
            }
        }
        Ok(())
    });
    let served = FIRST.chain(SECOND).map(|connection| plain(connection, "hello"));
    let restarted = served.chain([is_new(FIRST), is_new(SECOND), new_after_restart()]).collect();
    vec![
        forgiving(tell_once(said_again, vec![plain(2, "hello"), is_new(2..=3), opens_nothing(2, 3)]), 1),
        tell_once(eight, vec![is_new(EIGHT), is_random()]),
        forgiving(
            tell_once(
                later,
                vec![plain(1, "hello"), plain(2, "again"), is_new(1..=4), opens_nothing(1, 3), opens_nothing(2, 4)],
            ),
            2,
        ),
        forgiving(tell_once(restart, restarted), 8),
    ]
}

/// Connections, each with a challenge.
const EIGHT: RangeInclusive<usize> = 1..=8;
const FIRST: RangeInclusive<usize> = 1..=4;
const SECOND: RangeInclusive<usize> = 5..=8;

fn challenge(record: &Record, connection: usize) -> Vec<u8> {
    let mut came = record.bytes(connection, Way::ToClient);
    came.truncate(SIZE);
    came
}

/// No two of these connections have the same challenge.
fn is_new(connections: RangeInclusive<usize>) -> Rule {
    Rule::new("challenge-is-new", "no challenge comes twice", move |record| {
        let challenges: Vec<Vec<u8>> = connections.clone().map(|connection| challenge(record, connection)).collect();
        let mut pairs = challenges
            .iter()
            .enumerate()
            .flat_map(|(place, one)| challenges.iter().skip(place + 1).map(move |other| (one, other)));
        let twice = pairs.any(|(one, other)| one.len() == SIZE && one == other);
        Seen::kept_if(!twice, "two connections got the same challenge, so one answer is good for both")
    })
    .hint("draw the challenge when a client has connected, from the random numbers of the system: os.urandom(32)")
}

/// All bytes of a challenge are random.
fn is_random() -> Rule {
    Rule::new("challenge-is-random", "all 32 bytes of a challenge change from one to the next", |record| {
        let challenges: Vec<Vec<u8>> = EIGHT.map(|connection| challenge(record, connection)).collect();
        match challenges.iter().position(|challenge| challenge.len() < SIZE) {
            // A client with the key cannot log in then; another rule says so.
            Some(0) => return Seen::Kept,
            Some(got) => return Seen::Unknown(format!("{got} visitors got a challenge, and the next one got none")),
            None => {}
        }
        // With random bytes one such place is seen once in 10^15 checks.
        let same = (0..SIZE).filter(|place| challenges.iter().all(|it| it[*place] == challenges[0][*place])).count();
        // That one challenge is another's copy is told by another rule.
        let copies = challenges.iter().all(|it| *it == challenges[0]);
        Seen::kept_if(
            same == 0 || copies,
            format!(
                "{same} of the 32 bytes were the same in eight challenges: whoever can foresee one can prepare for it"
            ),
        )
    })
    .hint("take all 32 bytes from the random numbers of the system: os.urandom(32)")
}

/// The challenges of a second start are not those of the first.
fn new_after_restart() -> Rule {
    Rule::new("new-after-restart", "no challenge comes again after a restart", |record| {
        let first: Vec<Vec<u8>> = FIRST.map(|connection| challenge(record, connection)).collect();
        let again =
            SECOND.map(|connection| challenge(record, connection)).any(|it| it.len() == SIZE && first.contains(&it));
        Seen::kept_if(!again, "a challenge came again after a restart, and so does the answer to it")
    })
    .hint("a generator with a fixed seed, a time or a counter begins anew: take os.urandom(32)")
}

/// What was said on the connection `heard` opens nothing on another one.
fn opens_nothing(heard: usize, connection: usize) -> Rule {
    let who = "whoever said again what was heard of a login";
    let refused = refusal("heard-opens-nothing", "what was heard of a login opens nothing", connection, SIZE, who);
    Rule::new(refused.name, refused.requires.clone(), move |record| {
        // To the same challenge it is the right answer; another rule says so.
        if challenge(record, heard) == challenge(record, connection) { Seen::Kept } else { refused.look(record) }
    })
    .hint("take the answer to the challenge of this connection, and no other")
}

/// The client talks to the attacker, connection 1, and the attacker to the server, connections 2 and 3.
fn judge(record: &Record) -> Finding {
    let [recorded, repeated] = [2, 3].map(|connection| record.bytes(connection, Way::ToClient));
    if !recorded.ends_with(b"HELLO") {
        return Finding::Other("the client, who has the key, was not served".to_string());
    }
    match (repeated.strip_suffix(b"STOLEN"), repeated.len()) {
        (Some(challenge), _) if recorded.starts_with(challenge) => Finding::Broke(
            "the same challenge came twice, and the answer that was recorded the first time opened the door"
                .to_string(),
        ),
        (Some(_), _) => Finding::Broke("the answer to another challenge opened the door".to_string()),
        (None, 32) if !recorded.starts_with(&repeated) => {
            Finding::Held("the challenge was another one, and the recorded answer opened nothing".to_string())
        }
        (None, 32) => Finding::Other("the attacker was refused, but the challenge was the same".to_string()),
        (None, length) => Finding::Other(format!("the attacker got {length} bytes, which is not one challenge of 32")),
    }
}

/// The wire of the finished program is another one: the lab itself says again what it has recorded.
pub(crate) fn play_finished(stage: &mut Stage) -> anyhow::Result<()> {
    stage.varying(&["nonce", "tag"]);
    stage.server()?;
    stage.relay([])?;
    stage.client(&[])?;
    stage.ends(CLIENT)?;
    let (recorded, greeting) = stage.record(|record| {
        let first = record.bytes(1, Way::ToClient);
        let length = lab::length_prefixed(&first).map_or(0, |extent| extent.header + extent.payload);
        (record.bytes(1, Way::ToServer), length)
    });
    let mut attacker = stage.attacker()?;
    attacker.receive(greeting);
    attacker.send(&recorded);
    attacker.receive_all(1024);
    Ok(())
}

fn judge_finished(record: &Record) -> Finding {
    if !record.bytes(2, Way::ToClient).ends_with(&REFUSAL) {
        return Finding::Other("the recorded login was not refused".to_string());
    }
    finished::finding(finished::printed(record, &["HELLO"]), "the recorded login was refused the second time")
}

fn dissect(way: Way, bytes: &[u8]) -> Vec<Span> {
    let first = bytes.len().min(32);
    let name = if way == Way::ToClient { "challenge" } else { "answer" };
    let mut spans = vec![Span { length: first, name: name.to_string() }];
    if bytes.len() > first {
        spans.push(Span { length: bytes.len() - first, name: "text".to_string() });
    }
    spans
}
