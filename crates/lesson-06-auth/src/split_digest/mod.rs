//! `split-digest`: the relay cuts the digest of a client that has the key after 16 of its 32 bytes.

use lab::{At, CLIENT, Check, Experiment, Finding, Form, Misread, Record, Role, Script, Side, Span, Stage, Step, Way};

use crate::finished;
use crate::visitors::{
    CHALLENGE, ENDS, REFUSED, SHARED, SHORT_READ, TEXT, Visitor, between_clients, cut_and_joined, flipped, forgiving,
    plain, refused_plainly, strangers, tag, tell_once,
};

#[expect(clippy::disallowed_methods, reason = "the single read is the mistake; an echo sends back whatever one gives")]
mod broken;
#[expect(clippy::disallowed_methods, reason = "an echo sends back whatever one read gives")]
mod fixed;
mod peer;

/// Bytes of the challenge and of the digest.
const SIZE: usize = 32;

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "split-digest",
    question: "Why is a client refused now and then, though its key is right?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    check: Check::Side(Role::Server),
    play,
    judge,
    dissect,
    misread: Some(Misread::by_server("one read gives the whole digest", |pieces| {
        let all = pieces.concat();
        let first = pieces.first().map_or(0, |piece| piece.len());
        let read = |length, name: &str| Span { length, name: name.to_string() };
        match first {
            SIZE.. => dissect(Way::ToServer, &all),
            _ => vec![read(first, "the digest, a wrong one"), read(all.len() - first, "not read")],
        }
    })),
    wire: &[
        CHALLENGE,
        "-> 32 bytes: HMAC-SHA-256 of the challenge under the key `thirty-two bytes of a shared key`",
        TEXT,
        "give a login at least 5 seconds: it comes in pieces",
        REFUSED,
        ENDS,
    ],
    forms: |_| forms(),
    finished: Some(finished::rehearsal(&["hello"], judge_finished)),
    ..lab::EXPERIMENT
};

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.varying(&["challenge", "first half of the digest", "second half of the digest", "nonce", "tag"]);
    stage.server()?;
    stage.relay([script()])?;
    stage.client(&["hello"])?;
    stage.ends(CLIENT)
}

fn forms() -> Vec<Form> {
    let chapter = Form::new("the answer cut after 16 of its 32 bytes", play).scripts([script()]);
    let mut others = strangers(SHARED);
    others.push(Visitor::in_pieces(
        "a stranger with the first half of the answer and a wrong second half",
        |challenge| {
            let answer = flipped(tag(SHARED, &[challenge]), SIZE - 1);
            vec![answer[..SIZE / 2].to_vec(), [&answer[SIZE / 2..], b"stolen"].concat()]
        },
    ));
    vec![
        forgiving(tell_once(chapter, vec![plain(1, "hello").hint(SHORT_READ)]), 1),
        cut_and_joined(|connection, line| plain(connection, line).hint(SHORT_READ)),
        between_clients("strangers, between two clients", others, plain, refused_plainly),
    ]
}

/// The second step: a server that has closed answers the rest with a reset, before the end of the client comes.
fn script() -> Script {
    Script::to_server([Step::Send(At::Byte(SIZE / 2)), Step::Settle, Step::Send(At::Byte(SIZE + 5)), Step::Settle])
}

fn judge(record: &Record) -> Finding {
    let came = record.bytes(1, Way::ToClient);
    if came.get(SIZE..) == Some(b"HELLO") {
        Finding::Held("the digest came in two pieces, and the client was let in".to_string())
    } else if came.len() == SIZE {
        Finding::Broke("half of the right digest passed for a wrong one: a client with the key was refused".to_string())
    } else {
        Finding::Other(format!("{} bytes came to the client: a challenge of {SIZE} and HELLO belong there", came.len()))
    }
}

fn judge_finished(record: &Record) -> Finding {
    let let_in = finished::printed(record, &["HELLO"]);
    finished::finding(let_in, "the client's login came in two pieces, and it was let in")
}

fn dissect(way: Way, bytes: &[u8]) -> Vec<Span> {
    let parts: &[_] = match way {
        Way::ToServer => {
            &[(SIZE / 2, "first half of the digest"), (SIZE / 2, "second half of the digest"), (usize::MAX, "text")]
        }
        Way::ToClient => &[(SIZE, "challenge"), (usize::MAX, "text")],
    };
    let mut left = bytes.len();
    let span = |(most, name): &(usize, &str)| {
        let length = left.min(*most);
        left -= length;
        (length > 0).then(|| Span { length, name: (*name).to_string() })
    };
    parts.iter().filter_map(span).collect()
}
