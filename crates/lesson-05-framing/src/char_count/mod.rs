//! `char-count`: a text of four characters takes nine bytes.

use lab::{At, CLIENT, Check, Experiment, Finding, Form, Misread, Record, Role, Script, Side, Span, Stage, Step, Way};

use crate::finished;
use crate::split_header::forms::{echoed, echoed_and_next, longest, pieces, rules};

#[expect(clippy::disallowed_methods, reason = "its first read finds the end of the stream, then it reads on")]
mod broken;
#[expect(clippy::disallowed_methods, reason = "its first read finds the end of the stream, then it reads on")]
mod fixed;
mod peer;

/// Two frames: the text that was typed first, then `ok`.
const ANSWERS: &[u8] = b"\0\0\0\x09\xe4\xbb\xb7\xe6\xa0\xbc\xc2\xa59\0\0\0\x02ok";
/// The first of them with its characters counted, and the second.
const MISCOUNTED: &[u8] = b"\0\0\0\x04\xe4\xbb\xb7\xe6\xa0\xbc\xc2\xa59\0\0\0\x02ok";

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "char-count",
    question: "How long is a text of four characters?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    check: Check::Side(Role::Server),
    play,
    judge,
    dissect: lab::dissect_frames,
    misread: Some(Misread {
        reader: Role::Client,
        belief: "a length counts bytes",
        meant: Some(|pieces| counted_in_characters(&pieces.concat())),
        names: |pieces| lab::dissect_frames(Way::ToClient, &pieces.concat()),
    }),
    wire: TEXT,
    forms: |_| forms(),
    finished: Some(finished::rehearsal(&["echo 价格¥9", "echo ok"], judge_finished)),
    ..lab::EXPERIMENT
};

/// The wire, in the words of this experiment.
const TEXT: &[&str] = &[
    "-> frames: 4 bytes length in bytes, big-endian, then so many bytes of text in UTF-8, 0 to 65536; in any pieces",
    "<- each text as it came, byte for byte, with its length in bytes; none before all of it has come",
    "a client may stop inside a frame for some seconds; give it at least 5",
    "the server ends its stream when the client has ended its own, and serves the next client",
];

/// Frames whose lengths count the characters of a text, up to where there is no such frame.
fn counted_in_characters(mut bytes: &[u8]) -> Vec<Span> {
    let mut spans = Vec::new();
    while let Some((header, rest)) = bytes.split_first_chunk::<4>() {
        let count = u32::from_be_bytes(*header);
        let text = rest.utf8_chunks().next().map_or("", |chunk| chunk.valid());
        let text: String = text.chars().take(count as usize).collect();
        spans.push(Span { length: 4, name: format!("length: {count} characters") });
        spans.push(Span { length: text.len(), name: "text".to_string() });
        bytes = &rest[text.len()..];
    }
    spans
}

fn forms() -> Vec<Form> {
    let cut = |bytes| [Step::Send(At::Body(bytes)), Step::Settle];
    let long = "价".repeat(6_666);
    let chapter = Form::relayed("four characters in nine bytes", [Script::to_client(held())], &["价格¥9", "ok"]);
    vec![
        rules(chapter, &["价格¥9", "ok"]),
        echoed("a character cut after its first byte", &["价格¥9"], cut(4)),
        echoed(
            "characters of four bytes, and letters whose accents are characters of their own",
            &["🦀 and 🦀", "cafe\u{301} and café", " a blank at either end "],
            [],
        ),
        echoed_and_next("a long text of characters of three bytes", &[&long, "ok"], cut(8_000)),
        pieces("four texts at once, one of them empty", &["é".as_bytes(), b"", "日本語".as_bytes(), b"ok"], &[]),
        pieces("texts with line ends", &["é\r\n".as_bytes(), "\n日本\n".as_bytes()], &[]),
        longest(),
    ]
}

/// The rest of the first answer goes on together with the second, so that it does not depend on luck how much of both
/// the client still takes.
fn held() -> [Step; 3] {
    [Step::Send(At::FrameEnd), Step::Settle, Step::Hold(At::Byte(ANSWERS.len()))]
}

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    stage.relay([Script::to_client(held())])?;
    stage.client(&["价格¥9", "ok"])?;
    stage.ends(CLIENT)
}

fn judge(record: &Record) -> Finding {
    let answers = record.bytes(1, Way::ToClient);
    if answers == ANSWERS {
        Finding::Held(
            "four characters were announced as the nine bytes they take, and both texts came back".to_string(),
        )
    } else if answers.starts_with(&MISCOUNTED[..8]) {
        Finding::Broke(
            "four characters were announced as length 4 and nine bytes followed: the last five passed for a header"
                .to_string(),
        )
    } else {
        Finding::Other(format!("the answers have {} bytes instead of {}", answers.len(), ANSWERS.len()))
    }
}

fn judge_finished(record: &Record) -> Finding {
    let whole = finished::printed(record, &["价格¥9\n", "ok\n"]);
    finished::finding(whole, "request and reply were counted in bytes, and both texts came back")
}
