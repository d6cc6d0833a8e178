//! `gbk`: text goes out as GBK and is read as UTF-8.

use lab::{
    CLIENT, Check, Experiment, Fates, Finding, Form, Misread, Record, Rehearsal, Role, SERVER, Side, Stage, Void, Way,
};

use crate::finished;
use crate::rules::{Answer, answers, client, clients_may_fail};

mod broken;
mod fixed;
mod peer;

/// The word for data, in the encoding of the answer: 6 bytes of UTF-8.
const WORD: &str = "数据";
/// The same in GBK.
const GBK: &[u8] = &[0xca, 0xfd, 0xbe, 0xdd];

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "gbk",
    question: "All bytes came. Why is the text unreadable?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    check: Check::Side(Role::Server),
    play,
    judge,
    dissect: lab::dissect_text,
    misread: Some(Misread {
        reader: Role::Server,
        belief: "text is UTF-8",
        meant: Some(|pieces| {
            lab::dissect_characters(&pieces.concat(), |rest| {
                let two = &rest[..rest.len().min(2)];
                (2, encoding_rs::GBK.decode(two).0.into_owned())
            })
        }),
        names: |pieces| pieces.iter().flat_map(|piece| lab::dissect_utf8(Way::ToServer, piece)).collect(),
    }),
    wire: &[
        "-> text in GBK, at most 1024 bytes, the next one when the one before was answered",
        "<- for each one datagram: the same text in UTF-8, within 3 seconds",
        "strangers send what is no GBK, such as ff ff: answer it or not, and go on serving",
    ],
    forms: |_| forms(),
    finished: Some(Rehearsal { play: Some(play_finished), ..finished::rehearsal(&[], judge_finished) }),
    ..lab::EXPERIMENT
};

fn forms() -> Vec<Form> {
    // Longer than many buffers, and no more than the wire allows.
    let long = "数".repeat(512);
    vec![
        texts("one word", vec![WORD.to_string()]),
        texts(
            "words whose bytes mean something in other encodings",
            // Pure ASCII; valid UTF-8 as well; not in GB2312; with second bytes below 80; the longest.
            ["hello", "小学", "朱镕基", "GBK 编码, 123", "誠|丂", &long].map(ToString::to_string).to_vec(),
        ),
        noise(),
    ]
}

/// A client that is typed these lines.
fn texts(name: &str, lines: Vec<String>) -> Form {
    let typed = lines.clone();
    let form = Form::new(name, move |stage| {
        stage.datagrams();
        stage.server()?;
        stage.datagram_relay(Fates::default())?;
        stage.client(&typed.iter().map(String::as_str).collect::<Vec<_>>())?;
        stage.ends(CLIENT)
    });
    let expected = lines.iter().map(|line| as_utf8(line)).collect();
    answers(clients_may_fail(form, 1), CLIENT, 1, expected, HINT)
}

const HINT: &str =
    "no byte says which encoding a text has: decode it as what the wire names, GBK, and encode the answer as UTF-8";

/// What the server has to answer for this text.
fn as_utf8(text: &str) -> Answer {
    /// Of longer texts so many characters are shown.
    const SHOWN: usize = 8;
    let shown: String = text.chars().take(SHOWN).collect();
    let question = match text.chars().count() {
        ..=SHOWN => format!("{shown:?} in GBK"),
        number => format!("{shown:?} ... ({number} characters) in GBK"),
    };
    Answer { question, bytes: text.as_bytes().to_vec() }
}

/// What is no GBK between two clients.
fn noise() -> Form {
    let form = Form::new("a stranger sends what is no text", |stage| {
        stage.datagrams();
        stage.server()?;
        stage.datagram_relay(Fates::default())?;
        stage.client(&[WORD])?;
        stage.ends(CLIENT)?;
        let mut stranger = stage.datagram_attacker()?;
        for noise in [&[0xff, 0xff][..], &GBK[..1], b""] {
            stranger.send(SERVER, noise)?;
            stage.settle()?;
        }
        stranger.received();
        if stage.record(|record| record.exit(SERVER).is_some()) {
            return Ok(());
        }
        stage.client(&[WORD])?;
        stage.ends(client(2))
    });
    let form = answers(clients_may_fail(form, 2), CLIENT, 1, vec![as_utf8(WORD)], HINT);
    answers(
        form,
        client(2),
        3,
        vec![as_utf8(WORD)],
        "catch the error of a datagram that is no text, and take the next one",
    )
}

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.datagrams();
    stage.server()?;
    stage.datagram_relay(Fates::default())?;
    stage.client(&[WORD])?;
    stage.ends(CLIENT)
}

/// The finished program takes no encoding for granted, and these bytes are no UTF-8.
fn play_finished(stage: &mut Stage) -> anyhow::Result<()> {
    stage.datagrams();
    stage.server()?;
    let mut asker = stage.datagram_attacker()?;
    asker.send(SERVER, GBK)?;
    if asker.receive().is_none() {
        return Err(Void("the datagram was not answered".to_string()).into());
    }
    Ok(())
}

fn judge(record: &Record) -> Finding {
    let answers = record.datagrams(1, Way::ToClient);
    if answers == [WORD.as_bytes()] {
        Finding::Held("the four bytes were taken for what they are, GBK, and both characters came out".to_string())
    } else if answers == ["\u{fffd}".repeat(4).as_bytes()] {
        Finding::Broke(
            "the two characters came as four bytes of GBK, and taken for UTF-8 they are four replacement characters"
                .to_string(),
        )
    } else if answers.is_empty() && record.exit(SERVER).is_some() {
        Finding::Other("the four bytes of GBK ended the server, and nothing came back".to_string())
    } else if answers.is_empty() {
        Finding::Other("nothing came back: the answer is to be the same text in UTF-8".to_string())
    } else {
        Finding::Other("the answer is not the text of the datagram in UTF-8".to_string())
    }
}

fn judge_finished(record: &Record) -> Finding {
    let answers = record.datagrams(1, Way::ToClient);
    if matches!(&answers[..], [answer] if answer.len() == 27 + GBK.len() && answer.ends_with(GBK)) {
        Finding::Held("the four bytes of GBK came back as they were: the server reads no characters".to_string())
    } else {
        Finding::Other("other bytes came back than the four of GBK".to_string())
    }
}
