//! `split-character`: the relay cuts `é`, two bytes of UTF-8, in the middle.

use lab::{
    At, CLIENT, Check, Exit, Experiment, Finding, Form, Misread, Record, Role, Rule, Script, Side, Stage, Step, Way,
    wire,
};

use crate::finished::{self, STAMP};
use crate::forms::{caller, leave};

#[expect(clippy::disallowed_methods, reason = "a piece of text goes back at once, however much a read gives")]
mod broken;
#[expect(clippy::disallowed_methods, reason = "a loop over read that keeps the rest")]
mod fixed;
#[expect(clippy::disallowed_methods, reason = "the server says that it has finished by closing, and there is a limit")]
mod peer;

const TYPED: &str = "café";
const ANSWER: &[u8] = "CAFÉ".as_bytes();
/// The answer when each half of the character was decoded for itself: U+FFFD twice, three bytes each.
const TORN: &[u8] = "CAF\u{FFFD}\u{FFFD}".as_bytes();

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "split-character",
    question: "May I decode what one read gives?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    check: Check::Side(Role::Server),
    play,
    judge,
    dissect: lab::dissect_utf8,
    misread: Some(Misread::by_server("one read gives whole characters", |pieces| {
        pieces.iter().flat_map(|piece| lab::dissect_utf8(Way::ToServer, piece)).collect()
    })),
    wire: WIRE,
    forms: |_| forms(),
    finished: Some(finished::rehearsal(&[TYPED], judge_finished)),
    ..lab::EXPERIMENT
};

const WIRE: &[&str] = &[
    "-> a text in UTF-8, 64 KiB at most, in whatever pieces; then the end of the stream",
    "<- the same text in capital letters, UTF-8, piece by piece or at the end; then the end of the stream",
    "a text that ends in the middle of a character: no matter what is answered; the next client is served",
];

/// What most servers that decode piece by piece have to do.
const KEEP: &str = "a piece may end in the middle of a character: keep its bytes until the rest has come (an incremental \
                    decoder, one for each client), or decode the whole text at its end";

fn forms() -> Vec<Form> {
    let cut = |places: &[usize]| -> Vec<Step> {
        places.iter().flat_map(|place| [Step::Send(At::Byte(*place)), Step::Settle]).collect()
    };
    let cut_at = |name: &str, text: &str, places: &[usize]| {
        Form::relayed(name, [Script::to_server(cut(places))], &[text]).rule(capitals(1, text)).wanted(
            1,
            Way::ToClient,
            text.to_uppercase(),
        )
    };
    let long = "é€ü".repeat(2858);
    let sent = long.clone();
    vec![
        cut_at("the last character cut in its middle", TYPED, &[4, 5]),
        cut_at("characters of three and of four bytes, cut after the first", "10 €, 😀 ñ", &[4, 9]),
        cut_at("the same, cut before the last byte of each", "10 €, 😀 ñ", &[5, 11, 13]),
        cut_at("each byte alone", "aé€😀数", &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]),
        Form::new("20006 bytes at once", move |stage| {
            stage.server()?;
            let Some(mut caller) = caller(stage) else { return Ok(()) };
            caller.send(sent.as_bytes());
            leave(caller);
            Ok(())
        })
        .rule(capitals(1, &long)),
        Form::new("half a character, left behind by the client before", |stage| {
            stage.server()?;
            let Some(mut before) = caller(stage) else { return Ok(()) };
            before.send(b"caf\xc3");
            leave(before);
            let Some(mut next) = caller(stage) else { return Ok(()) };
            next.send(TYPED.as_bytes());
            leave(next);
            Ok(())
        })
        .rule(capitals(2, TYPED)),
    ]
}

fn capitals(connection: usize, text: &str) -> Rule {
    wire::bytes(connection, Way::ToClient, "the text in capital letters", text.to_uppercase()).hint(KEEP)
}

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    // c, a, f and the first byte of the last character; then its second.
    let halves = [Step::Send(At::Byte(4)), Step::Settle, Step::Send(At::Byte(5)), Step::Settle];
    stage.relay([Script::to_server(halves)])?;
    stage.client(&[TYPED])?;
    stage.ends(CLIENT)
}

fn judge(record: &Record) -> Finding {
    let answer = record.bytes(1, Way::ToClient);
    if answer == ANSWER {
        Finding::Held("the first byte of é waited for the second, and CAFÉ came back".to_string())
    } else if answer == TORN {
        Finding::Broke("each half of é was decoded for itself, and two replacement characters came back".to_string())
    } else if ANSWER.starts_with(&answer) {
        Finding::Broke("the server gave up at the first half of é".to_string())
    } else {
        Finding::Other("the answer to café is not CAFÉ in UTF-8".to_string())
    }
}

/// The finished server stamps every piece that comes, in the middle of a character too: bytes are all it knows.
fn judge_finished(record: &Record) -> Finding {
    let answer = record.bytes(1, Way::ToClient);
    let (half, other) = TYPED.as_bytes().split_at(4);
    let cut = answer.len() == TYPED.len() + 2 * STAMP && answer[STAMP..].starts_with(half) && answer.ends_with(other);
    if cut && record.exit(CLIENT).is_some_and(Exit::is_success) {
        Finding::Held("each half of é came back behind a stamp of its own, and the client took both".to_string())
    } else {
        Finding::Other("the bytes did not come back as they were sent, each piece behind a stamp".to_string())
    }
}
