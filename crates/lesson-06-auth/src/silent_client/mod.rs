//! `silent-client`: a stranger takes the challenge and does not answer; then comes a client that has the key.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use lab::kernel::{Socket, State};
use lab::{
    Allowed, CLIENT, Cast, Check, Experiment, Finding, Form, Record, Rehearsal, Role, Rule, SERVER, Seen, Side, Span,
    Stage, Way,
};

use crate::finished;
use crate::visitors::{CHALLENGE, ENDS, TEXT, TWO, WAIT, attacker, call, forgiving, key_is_served, tag, tell_once};

#[expect(clippy::disallowed_methods, reason = "whatever the read gives, it is the end of the silence")]
mod attacker;
#[expect(clippy::disallowed_methods, reason = "an echo sends back whatever one read gives")]
mod broken;
#[expect(clippy::disallowed_methods, reason = "an echo sends back whatever one read gives")]
mod fixed;
mod peer;

/// Bytes of the challenge and of the digest.
const SIZE: usize = 32;
/// Bytes of the first message of the finished program's server.
const GREETING: usize = 57;

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "silent-client",
    question: "How long does the server wait for an answer, and who waits with it?",
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
        "while strangers are silent in their login, or send a byte now and then, a client with the key is served within 3 seconds",
        "when more strangers come than are served at a time, those that are silent are dropped after a second or two",
        ENDS,
    ],
    forms: |_| forms(),
    finished: Some(Rehearsal { play: Some(play_finished), ..finished::rehearsal(&["hello"], judge_finished) }),
    ..lab::EXPERIMENT
};

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.varying(&["challenge", "digest"]);
    stage.server()?;
    stage.relay([])?;
    stage.attack()?;
    let asked = |record: &Record| record.bytes(1, Way::ToClient).len() >= SIZE;
    let asked = stage.wait("the server sends its first client a challenge of 32 bytes", |record| {
        asked(record) || record.fin(1, Way::ToClient) || record.reset(1, Way::ToClient)
    });
    // A server of somebody else's that does not serves nobody, as will be seen.
    if stage.cast() != Cast::Yours(Role::Server) {
        asked?;
    }
    stage.client(&["hello"])?;
    stage.ends(CLIENT)
}

fn forms() -> Vec<Form> {
    let chapter = Form::new("a stranger takes the challenge and is silent", play).allow(Allowed::Hangs(attacker(1)));
    let half_said = Form::new("a stranger is silent before the last byte of its answer", |stage| {
        stage.server()?;
        let mut stranger = call(stage)?;
        let challenge = stranger.receive(SIZE);
        stranger.send(&tag(TWO, &[&challenge])[..SIZE - 1]);
        stranger.taken();
        stage.keep(stranger);
        stage.relay([])?;
        stage.client(&["hello"])?;
        stage.ends(CLIENT)
    });
    let drips = Form::new("a stranger sends a byte of its answer now and then", |stage| {
        stage.server()?;
        let mut stranger = call(stage)?;
        stranger.receive(SIZE);
        stage.relay([])?;
        stage.client(&["hello"])?;
        let silence = AtomicBool::new(false);
        thread::scope(|scope| {
            scope.spawn(|| {
                let begin = Instant::now();
                while !silence.load(Ordering::Relaxed) && begin.elapsed() < LONGEST {
                    stranger.send(b"x");
                    thread::park_timeout(PACE);
                }
            });
            let ended = within(WAIT, || stage.record(|record| record.fin(2, Way::ToServer)));
            silence.store(true, Ordering::Relaxed);
            if !ended {
                stage.fact(SERVER, STARVED);
            }
        });
        drop(stranger);
        stage.ends(CLIENT)
    });
    let crowd = Form::new("forty strangers are silent at a time", |stage| {
        stage.server()?;
        let mut strangers = Vec::new();
        for _ in 0..CROWD {
            strangers.push(call(stage)?);
        }
        stage.relay([])?;
        stage.client(&["hello"])?;
        let port = stage.address()?.port();
        let open = |sockets: Vec<Socket>| {
            sockets.iter().filter(|it| it.remote.port() == port && it.state == State::Established).count()
        };
        let served = |record: &Record| record.fin(CROWD + 1, Way::ToServer);
        let all = stage.sockets().map_or(0, open);
        let moves = within(WAIT, || stage.record(served) || stage.sockets().map_or(0, open) < all);
        if !moves {
            stage.fact(SERVER, STARVED);
        }
        drop(strangers);
        stage.ends(CLIENT)
    });
    vec![
        tell_once(forgiving(chapter, 1), vec![served(2)]),
        tell_once(forgiving(half_said, 1), vec![served(2)]),
        tell_once(
            forgiving(drips, 1),
            vec![
                in_time(
                    "next-is-served",
                    "a client sent a byte now and then in its login, and the next one was not served within 3 seconds",
                ),
                served(2),
            ],
        ),
        tell_once(
            forgiving(crowd, 1),
            vec![
                in_time(
                    "crowd-is-dropped",
                    "forty clients were silent in their login: none was dropped within 3 seconds, and nobody else was served",
                ),
                served(CROWD + 1),
            ],
        ),
    ]
}

/// Strangers at a time.
const CROWD: usize = 40;
/// How often the one that says a byte now and then does so, and how long at most.
const PACE: Duration = Duration::from_millis(300);
const LONGEST: Duration = Duration::from_secs(9);
/// On the record when nobody was served in time.
const STARVED: &str = "serves nobody, and drops nobody, for 3 seconds";

/// Looks again and again whether this has come to pass, for so long.
fn within(time: Duration, come: impl Fn() -> bool) -> bool {
    let begin = Instant::now();
    while begin.elapsed() < time {
        if come() {
            return true;
        }
        thread::park_timeout(Duration::from_millis(10));
    }
    come()
}

/// The client with the key, on this connection, is served although a stranger is silent.
fn served(connection: usize) -> Rule {
    let plain = key_is_served(connection, SIZE, |_| b"HELLO".to_vec());
    Rule::new("next-is-served", "while a stranger is silent, the next client is served", move |record| {
        plain.look(record)
    })
    .hint("do not wait for one client alone: give each a thread or a task, and the login as a whole a deadline")
}

fn in_time(name: &'static str, otherwise: &'static str) -> Rule {
    let requires =
        if name == "crowd-is-dropped" { "of a silent crowd somebody is dropped, or others are served" } else { "" };
    Rule::new(name, requires, move |record| {
        Seen::kept_if(!record.kernel().iter().any(|fact| fact.contains(STARVED)), otherwise)
    })
    .hint("a deadline for the whole login: before each read, the timeout is what is left of it")
}

/// The silent client has connection 1, the one with the key connection 2.
fn judge(record: &Record) -> Finding {
    let came = record.bytes(2, Way::ToClient);
    if came.get(SIZE..) == Some(b"HELLO") {
        Finding::Held("a client was silent in its login, and the next one was served meanwhile".to_string())
    } else if came.is_empty() && record.hung(CLIENT).is_some() {
        Finding::Broke("a stranger said nothing, and nobody else was served".to_string())
    } else {
        Finding::Other("the client that has the key did not get the challenge and HELLO".to_string())
    }
}

fn play_finished(stage: &mut Stage) -> anyhow::Result<()> {
    stage.varying(&["nonce", "tag"]);
    stage.server()?;
    stage.relay([])?;
    let mut attacker = stage.attacker()?;
    attacker.receive(GREETING);
    stage.keep(attacker);
    stage.client(&[])?;
    stage.ends(CLIENT)
}

fn judge_finished(record: &Record) -> Finding {
    let served = finished::printed(record, &["HELLO"]);
    finished::finding(served, "a client was silent in its login, and alice was served meanwhile")
}

fn dissect(way: Way, bytes: &[u8]) -> Vec<Span> {
    let first = if way == Way::ToServer { "digest" } else { "challenge" };
    let size = bytes.len().min(SIZE);
    let spans = [(size, first), (bytes.len() - size, "text")];
    let spans = spans.into_iter().filter(|(length, _)| *length > 0);
    spans.map(|(length, name)| Span { length, name: name.to_string() }).collect()
}
