//! `wrong-encoding`: a text of two characters goes to a server that reads GBK.

use lab::{
    Allowed, CLIENT, Check, Experiment, Finding, Form, Misread, Record, Rehearsal, Role, Rule, Script, Side, Stage,
    Way, What, wire,
};

use crate::finished;
use crate::forms::kept_if;

#[expect(clippy::disallowed_methods, reason = "the server says that it has finished by closing, and there is a limit")]
mod broken;
#[expect(clippy::disallowed_methods, reason = "the server says that it has finished by closing, and there is a limit")]
mod fixed;
#[expect(clippy::disallowed_methods, reason = "the client says that it has finished by closing, and there is a limit")]
mod peer;

/// `数据`, data, in GBK: two bytes a character.
const GBK: &[u8] = &[0xca, 0xfd, 0xbe, 0xdd];
/// The same in UTF-8: three bytes a character.
const UTF_8: &[u8] = "数据".as_bytes();

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "wrong-encoding",
    question: "Who says which characters these bytes are?",
    twins: lab::twins!(),
    server: Side::Peer(peer::serve),
    client: Side::Twins { broken: broken::connect, fixed: fixed::connect },
    check: Check::Side(Role::Client),
    play,
    judge,
    dissect: lab::dissect_text,
    misread: Some(Misread {
        reader: Role::Server,
        belief: "these bytes are GBK, as the wire says",
        meant: Some(|pieces| lab::dissect_utf8(Way::ToServer, &pieces.concat())),
        names: |pieces| {
            lab::dissect_characters(&pieces.concat(), |rest| {
                let two = &rest[..rest.len().min(2)];
                (2, encoding_rs::GBK.decode(two).0.into_owned())
            })
        },
    }),
    wire: WIRE,
    forms: |_| forms(),
    finished: Some(Rehearsal { play: Some(play_finished), ..finished::rehearsal(&[], judge_finished) }),
    ..lab::EXPERIMENT
};

const WIRE: &[&str] = &[
    "-> the lines of standard input, which is UTF-8: in GBK, without their ends, 1000 bytes at most; then the end of the stream",
    "<- nothing but the end of the stream, when the client has ended its own",
    "where GBK does not have a character, the client ends with an error, and sends nothing in place of that character",
];

fn forms() -> Vec<Form> {
    let many = "数据".repeat(200);
    let said = |name: &str, lines: &[&str]| {
        Form::relayed(name, [Script::open()], lines)
            .bytes(1, Way::ToServer, "the text in GBK", encoded(&lines.concat()))
            .rule(ends())
    };
    let smile = Form::relayed("a character that GBK does not have", [Script::open()], &["数据😀"]);
    vec![
        said("a text of two characters", &["数据"]),
        said("characters that GB2312 does not have", &["朱镕基，囧"]),
        said("two lines, with letters of ASCII", &["TCP数据", "UDP"]),
        said("400 characters", &[&many]),
        smile.rule(no_other(encoded("数据"))).rule(refuses()).allow(Allowed::Fails(CLIENT)),
    ]
}

fn encoded(text: &str) -> Vec<u8> {
    encoding_rs::GBK.encode(text).0.into_owned()
}

/// The client ends its stream before the server, which waits for that, gives up.
fn ends() -> Rule {
    Rule::new("ends", "the client ends its stream", |record| {
        let first = record.on(1).find_map(|event| match event.what {
            What::Fin { way } => Some(way),
            _ => None,
        });
        kept_if(first == Some(Way::ToServer), || {
            "the client did not end its stream, and the server waited for more until it gave up".to_string()
        })
    })
    .hint("when everything is sent, shutdown(SHUT_WR): the server answers nothing, it waits for the end")
}

/// Nothing is sent but what comes before the character that cannot be.
fn no_other(before: Vec<u8>) -> Rule {
    Rule::new("bytes", "nothing is sent for a character that GBK does not have", move |record| {
        let sent = record.bytes(1, Way::ToServer);
        kept_if(before.starts_with(&sent), || {
            let other = sent.iter().zip(&before).take_while(|(sent, before)| sent == before).count();
            let other = wire::quoted(&sent[other..]);
            format!("in place of a character that GBK does not have the client sent {other}")
        })
    })
}

fn refuses() -> Rule {
    Rule::new("refuses", "the client ends with an error where GBK lacks a character", |record| {
        kept_if(!record.exit(CLIENT).is_some_and(lab::Exit::is_success), || {
            "the client left out a character that GBK does not have, and ended as if all had been sent".to_string()
        })
    })
    .hint("encode strictly: then an error names the character; ignore and replace change the text silently")
}

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    stage.relay([Script::open()])?;
    stage.client(&["数据"])?;
    stage.ends(CLIENT)
}

/// The finished program takes no encoding for granted, and these bytes are no UTF-8.
fn play_finished(stage: &mut Stage) -> anyhow::Result<()> {
    stage.server()?;
    let mut caller = stage.attacker()?;
    caller.send(GBK);
    caller.half_close();
    caller.receive_all(1024);
    Ok(())
}

fn judge(record: &Record) -> Finding {
    let sent = record.bytes(1, Way::ToServer);
    if sent == GBK {
        Finding::Held("the client sent GBK, 4 bytes, and the server read the text that was typed".to_string())
    } else if sent == UTF_8 {
        Finding::Broke(
            "the client sent UTF-8, 6 bytes: the server read three other characters out of them, without an error"
                .to_string(),
        )
    } else {
        Finding::Other(format!("the client sent {} bytes; the text in GBK has 4", sent.len()))
    }
}

fn judge_finished(record: &Record) -> Finding {
    if finished::unstamped(&record.bytes(1, Way::ToClient)) == GBK {
        Finding::Held("the four bytes of GBK came back as they were: the server reads no characters".to_string())
    } else {
        Finding::Other("other bytes came back than the four of GBK".to_string())
    }
}
