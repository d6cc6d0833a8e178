//! `never-closed`: three logins fail; does the server close these connections?

use lab::kernel::{self, Socket, State};
use lab::{
    Allowed, CLIENT, Check, Experiment, Finding, Form, Need, Record, Rehearsal, Role, Rule, SERVER, Seen, Side, Span,
    Stage, Way,
};

use crate::finished;
use crate::visitors::{
    CHALLENGE, ENDS, REFUSED, TEXT, TWO, Visitor, attacker, between_clients, forgiving, plain, refused_plainly,
    strangers, tell_once,
};

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
/// The connections of the attacker; the client has the first one.
const REFUSED_ONES: [usize; 3] = [2, 3, 4];

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "never-closed",
    question: "The login was refused. Who closes the connection?",
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
        REFUSED,
        "a client that was refused costs the server nothing 10 seconds later, no descriptor either, also when it keeps its own side open",
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
    stage.client(&["hello"])?;
    stage.ends(CLIENT)?;
    let attacker = stage.attack()?;
    stage.ends(attacker)?;
    stage.settle()?; // the server says why it has refused somebody after it has closed
    let port = stage.address()?.port();
    if let Some(sockets) = stage.sockets() {
        let left = |socket: &&Socket| socket.local.port() == port && socket.state == State::CloseWait;
        let count = sockets.iter().filter(left).count();
        let fact = match count {
            0 => "has no connection in CLOSE-WAIT".to_string(),
            _ => format!("has {count} of its connections in CLOSE-WAIT: the client has ended, the server has not"),
        };
        stage.fact(SERVER, fact);
    }
    Ok(())
}

fn forms() -> Vec<Form> {
    let chapter = Form::new("three logins fail", play).allow(Allowed::Hangs(attacker(1)));
    let refused =
        REFUSED_ONES.map(|connection| refused_plainly(connection, "a client with a wrong answer").hint(CLOSE));
    let many = Form::new("more logins fail than the server has descriptors to spare", |stage| {
        let server = stage.server()?;
        stage.relay([])?;
        let first = stage.client(&["hello"])?;
        stage.ends(first)?;
        stage.spare_descriptors(server, SPARE)?;
        let wrong = Visitor::says("a client with a wrong answer", |_| vec![0; SIZE]);
        for place in 0..2 * SPARE {
            wrong.visit(stage)?;
            // That a connection stays open is told by another rule.
            if !stage.record(|record| ended(record, 2 + place)) {
                return Ok(());
            }
        }
        let fresh = stage.client(&["once more"])?;
        stage.ends(fresh)
    });
    let fresh = plain(2 + 2 * SPARE, "once more");
    let given_back = Rule::new("descriptors-come-back", "a refused login gives its descriptor back", move |record| {
        let refused = 2..=record.connections().min(1 + 2 * SPARE);
        let limit = format!("the server may open {SPARE} files more than it had, and no others");
        if let Some(first) = refused.clone().find(|it| record.bytes(*it, Way::ToClient).len() < SIZE) {
            return match record.bytes(1, Way::ToClient).len() {
                // Who gives no challenge to anybody is told so by another rule.
                ..SIZE => Seen::Kept,
                _ => Seen::Violated(format!(
                    "after {} refused logins the next client got no challenge: {limit}",
                    first - 2
                )),
            };
        }
        // That a connection stays open, or that the server has ended, is told by other rules.
        let all = refused.clone().count() == 2 * SPARE && refused.clone().all(|it| ended(record, it));
        match fresh.look(record) {
            Seen::Violated(_) if all => Seen::Violated(format!(
                "after {} refused logins a client with the key was not served: {limit}",
                2 * SPARE
            )),
            _ => Seen::Kept,
        }
    });
    let mut forms = vec![
        forgiving(tell_once(chapter, refused.into_iter().chain([plain(1, "hello")]).collect()), 1),
        between_clients(
            "refused clients that keep their own side open, or leave early",
            strangers(TWO),
            plain,
            |connection, who| refused_plainly(connection, who).hint(CLOSE),
        ),
    ];
    if kernel::sees_sockets() {
        forms.push(tell_once(stay(), vec![let_go()]));
    }
    // Without this program the limit cannot be set.
    if Need::Program("prlimit").missing().is_none() {
        forms.push(forgiving(tell_once(many, vec![plain(1, "hello"), given_back.hint(CLOSE)]), 2));
    }
    forms
}

/// What is said of a server that still has the connections of those whom it has refused.
const HELD: &str = "still has open connections of clients that it refused, which keep their own side open";

/// Refused clients that read the end of the stream and do not close.
fn stay() -> Form {
    Form::new("refused clients that never close", |stage| {
        stage.server()?;
        let port = stage.address()?.port();
        let wrong = Visitor::says("a client with a wrong answer", |_| vec![0; SIZE]);
        for _ in REFUSED_ONES {
            wrong.stay(stage)?;
        }
        let held = |socket: &Socket| socket.local.port() == port && socket.state != State::Listen && socket.inode != 0;
        if !stage.sees(|sockets| !sockets.iter().any(held)) {
            stage.fact(SERVER, HELD);
        }
        Ok(())
    })
}

fn let_go() -> Rule {
    let requires = "a refused login gives its descriptor back, also when the client never closes";
    Rule::new("descriptors-come-back", requires, |record| {
        Seen::kept_if(!record.kernel().contains(&HELD), format!("your server {HELD}"))
    })
    .hint("do not wait for the client's end without a limit: close")
}

/// Files that the server may open beyond those that it has.
const SPARE: usize = 24;
const CLOSE: &str =
    "close the connection on every way out of the function (in Python with conn:), and whatever else holds it";

fn judge(record: &Record) -> Finding {
    let open = |connection: &usize| !ended(record, *connection);
    if record.bytes(1, Way::ToClient).get(SIZE..) != Some(b"HELLO") {
        Finding::Other("the client that has the key did not get the challenge and HELLO".to_string())
    } else if REFUSED_ONES.iter().any(|connection| record.bytes(*connection, Way::ToClient).len() < SIZE) {
        Finding::Other("the attacker did not get its three challenges".to_string())
    } else if REFUSED_ONES.iter().any(open) {
        Finding::Broke(
            "logins were refused, and the connections stayed open: each costs the server a descriptor for good"
                .to_string(),
        )
    } else {
        Finding::Held("the server closed every connection that it had refused".to_string())
    }
}

/// Whether the server has ended this connection.
fn ended(record: &Record, connection: usize) -> bool {
    record.fin(connection, Way::ToClient) || record.reset(connection, Way::ToClient)
}

fn play_finished(stage: &mut Stage) -> anyhow::Result<()> {
    stage.varying(&["nonce", "tag"]);
    stage.server()?;
    stage.relay([])?;
    stage.client(&[])?;
    stage.ends(CLIENT)?;
    for _ in REFUSED_ONES {
        let mut attacker = stage.attacker()?;
        attacker.receive(GREETING);
        attacker.send(&[b"\0\0\0\x4bSBF1\x02\x05alice", &[0; 64][..]].concat());
        attacker.half_close();
        attacker.receive_all(1024);
    }
    Ok(())
}

fn judge_finished(record: &Record) -> Finding {
    let served = finished::printed(record, &["HELLO"]);
    let refused = |connection: &usize| {
        let told = record.bytes(*connection, Way::ToClient).get(GREETING..) == Some(b"\0\0\0\x05SBF1\x15");
        told && ended(record, *connection)
    };
    finished::finding(
        served && REFUSED_ONES.iter().all(refused),
        "three logins were refused, each was told so, and its connection was closed",
    )
}

fn dissect(way: Way, bytes: &[u8]) -> Vec<Span> {
    let first = if way == Way::ToServer { "digest" } else { "challenge" };
    let size = bytes.len().min(SIZE);
    let spans = [(size, first), (bytes.len() - size, "text")];
    let spans = spans.into_iter().filter(|(length, _)| *length > 0);
    spans.map(|(length, name)| Span { length, name: name.to_string() }).collect()
}
