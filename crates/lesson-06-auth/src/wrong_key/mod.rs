//! `wrong-key`: the client's key has a typing mistake; is it told?

use lab::{
    At, CLIENT, Cast, Check, Experiment, Finding, Form, Record, Rehearsal, Role, Rule, Script, Seen, Side, Span, Stage,
    Step, Way,
};

use crate::finished;
use crate::visitors::{
    self, SHARED, Visitor, ended, flipped, forgiving, key_is_served, long_text, tag, tell_once, visit_all,
};

#[expect(clippy::disallowed_methods, reason = "both sides of an echo take whatever one read gives")]
mod broken;
#[expect(clippy::disallowed_methods, reason = "both sides of an echo take whatever one read gives")]
mod fixed;

/// Bytes of the challenge and of the digest.
const SIZE: usize = 32;

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "wrong-key",
    question: "What is a client told whose key is wrong?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Twins { broken: broken::connect, fixed: fixed::connect },
    check: Check::Side(Role::Server),
    play,
    judge,
    dissect,
    wire: &[
        visitors::CHALLENGE,
        "-> 32 bytes: HMAC-SHA-256 of the challenge under the key `thirty-two bytes of a shared key`",
        "<- one byte: `+` when the answer is right, `-` when it is not, and not before all 32 bytes have come",
        "after `+`, text comes back in upper case; after `-` comes nothing more, and the server ends the connection, within 3 seconds",
        visitors::ENDS,
    ],
    forms: |_| forms(),
    finished: Some(Rehearsal {
        connect: &["--key", concat!(env!("CARGO_MANIFEST_DIR"), "/tests/wrong-keys/alice.key"), "--exposed-keys"],
        ..finished::rehearsal(&[], judge_finished)
    }),
    ..lab::EXPERIMENT
};

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.varying(&["challenge", "digest", "nonce", "tag"]);
    stage.server()?;
    stage.relay([script()])?;
    stage.talkative_client()?;
    let answered = |record: &Record| record.bytes(1, Way::ToClient).len() > SIZE;
    let said = stage.wait("the server has answered the digest or closed", |record| {
        answered(record) || record.fin(1, Way::ToClient) || record.exit(CLIENT).is_some()
    });
    // A server of somebody else's that does neither has broken a rule already.
    if stage.cast() != Cast::Yours(Role::Server) {
        said?;
    }
    if !stage.record(answered) && stage.cast() != Cast::Yours(Role::Server) {
        stage.type_line(CLIENT, "hello")?;
        stage.wait("the line has reached a server that has closed", |record| {
            record.reset(1, Way::ToClient) || record.exit(CLIENT).is_some()
        })?;
    }
    stage.end_input(CLIENT)?;
    stage.ends(CLIENT)
}

fn forms() -> Vec<Form> {
    let chapter = Form::new("a client with a wrong key", play).scripts([script()]);
    let right = |text: &'static str, cut: bool| {
        let name = if cut { "cut at each byte" } else { "joined with its text" };
        Visitor::in_pieces(name, move |challenge| {
            let said = [&tag(SHARED, &[challenge])[..], text.as_bytes()].concat();
            let head = if cut { SIZE + 2 } else { 0 };
            let bytes = said[..head].iter().map(|byte| vec![*byte]);
            bytes.chain([said[head..].to_vec()]).collect()
        })
        .and_listens()
        .and_ends()
    };
    let right = ["hello", "world", long_text()]
        .into_iter()
        .zip([true, false, false])
        .map(|(text, cut)| (text, right(text, cut)));
    let (texts, clients): (Vec<_>, Vec<_>) = right.unzip();
    let served = texts.iter().zip(1..).map(|(text, connection)| {
        let answer = format!("+{}", text.to_ascii_uppercase()).into_bytes();
        key_is_served(connection, SIZE, move |_| answer.clone())
    });
    let strangers: Vec<Visitor> = vec![
        Visitor::says("a client whose answer has one wrong bit", |challenge| {
            [&flipped(tag(SHARED, &[challenge]), SIZE - 1)[..], b"stolen"].concat()
        }),
        Visitor::says("a client with a wrong answer", |_| vec![0; SIZE]),
    ]
    .into_iter()
    .map(Visitor::and_listens)
    .collect();
    let refusals = strangers
        .iter()
        .zip(texts.len() + 1..)
        .flat_map(|(it, connection)| [told(connection), refused(connection, &it.name)]);
    let rules: Vec<Rule> = refusals.chain(served).collect();
    let others = Form::new("clients with the right key, and others", move |stage| {
        stage.server()?;
        visit_all(stage, clients.iter().chain(&strangers)).map(drop)
    });
    let cut = Form::new("a wrong answer cut after 16 of its 32 bytes", |stage| {
        stage.server()?;
        let half = [Step::Send(At::Byte(SIZE / 2)), Step::Settle, Step::Send(At::Byte(SIZE)), Step::Settle];
        stage.relay([Script::to_server(half)])?;
        stage.client(&[])?;
        stage.ends(CLIENT)
    });
    let not_before = lab::wire::in_turn(1, [(SIZE, SIZE)], "the answer");
    vec![
        forgiving(tell_once(chapter, vec![told(1), refused(1, "a client with a wrong key")]), 1),
        tell_once(others, rules),
        forgiving(tell_once(cut, vec![not_before, told(1), refused(1, "a client with a wrong key")]), 1),
    ]
}

fn script() -> Script {
    let line = SIZE + "hello".len();
    Script::to_server([Step::Send(At::Byte(SIZE)), Step::Settle, Step::Send(At::Byte(line)), Step::Settle])
}

/// Who is refused is told so, in one byte.
fn told(connection: usize) -> Rule {
    Rule::new("wrong-is-told", "who has a wrong key is told so in one byte, -", move |record| {
        let came = record.bytes(connection, Way::ToClient);
        match came.get(SIZE..) {
            None if connection > record.connections() => {
                Seen::Unknown("the server took no more connections, so the play came to an early end".to_string())
            }
            None => Seen::Violated(format!(
                "a client got {} where a challenge of 32 bytes is expected",
                lab::wire::quoted(&came)
            )),
            Some([b'-', ..]) => Seen::Kept,
            Some([]) => Seen::Violated("a client with a wrong key was told nothing: no - came".to_string()),
            Some(other) => {
                Seen::Violated(format!("a client with a wrong key got {}; expected: \"-\"", lab::wire::quoted(other)))
            }
        }
    })
    .hint("send one byte that says yes or no, and then end the connection")
}

/// Behind the one byte comes nothing, and the server ends the connection.
fn refused(connection: usize, who: &str) -> Rule {
    let who = who.to_string();
    let requires = "after - comes nothing more, and the server ends the connection";
    Rule::new("stranger-is-refused", requires, move |record| {
        let came = record.bytes(connection, Way::ToClient);
        match came.get(SIZE..) {
            // What does not begin with - is told by another rule.
            Some([b'-', rest @ ..]) if !rest.is_empty() => {
                Seen::Violated(format!("{who} got - and then {}", lab::wire::quoted(rest)))
            }
            Some([b'-']) => Seen::kept_if(
                ended(record, connection),
                format!("{who} was left waiting behind the -: the server did not end the connection"),
            ),
            _ => Seen::Kept,
        }
    })
}

fn judge(record: &Record) -> Finding {
    let came = record.bytes(1, Way::ToClient);
    match came.get(SIZE..) {
        Some(b"") => Finding::Broke(
            "the server closed without a word: a wrong key looks like a server that has crashed".to_string(),
        ),
        Some(b"-") => Finding::Held("one byte said that the login was refused, and the client knew it".to_string()),
        Some(b"+") => Finding::Other("the client's key is wrong, and the server has let it in".to_string()),
        _ => Finding::Other(format!("{} bytes came: a challenge of {SIZE} and one byte, -, belong there", came.len())),
    }
}

fn judge_finished(record: &Record) -> Finding {
    let told = record.complaints(CLIENT).iter().any(|line| line.contains("the server refused the login"));
    if told {
        Finding::Held("the client said in one line that it was refused, and what to compare".to_string())
    } else {
        Finding::Other("the client did not say that it was refused".to_string())
    }
}

fn dissect(way: Way, bytes: &[u8]) -> Vec<Span> {
    let (first, then) = match way {
        Way::ToServer => ("digest", "text"),
        Way::ToClient => ("challenge", "verdict"),
    };
    let size = bytes.len().min(SIZE);
    let spans = [(size, first), (bytes.len() - size, then)];
    let spans = spans.into_iter().filter(|(length, _)| *length > 0);
    spans.map(|(length, name)| Span { length, name: name.to_string() }).collect()
}
