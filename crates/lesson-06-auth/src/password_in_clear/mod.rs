//! `password-in-clear`: a relay on the path writes the login down, and says it again.

use std::io::Write;
use std::time::Duration;

use common::auth::REFUSAL;
use lab::{
    Allowed, At, CLIENT, Check, Experiment, Finding, Form, Record, Rehearsal, Role, Rule, Script, Seen, Side, Span,
    Stage, Step, Way,
};

use sha2::{Digest, Sha256};

use crate::finished;
use crate::fixed_challenge;
use crate::visitors::{
    CHALLENGE, ENDS, REFUSED, Rogue, SIZE, TEXT, TWO, Visitor, attacker, between_clients, cut_and_joined,
    fails_when_refused, forgiving, listens, logs_in, plain, prints, refusal, refused_plainly, strangers, tag,
    tell_once,
};

#[expect(clippy::disallowed_methods, reason = "writes down whatever piece passes by")]
mod attacker;
#[expect(clippy::disallowed_methods, reason = "upper-cases whatever piece has come")]
mod broken;
#[expect(clippy::disallowed_methods, reason = "upper-cases whatever piece has come")]
mod fixed;

const SECRET: &[u8] = b"only two programs know this key.";
/// The key of the finished program in rehearsals: 64 hexadecimal digits.
const ALICE: &str = include_str!("../../tests/keys/alice.key");
const PROMPT: &[u8] = b"password: ";

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "password-in-clear",
    question: "Who hears the password on its way?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Twins { broken: broken::connect, fixed: fixed::connect },
    attacker: Some(attacker::attack),
    check: Check::Either,
    play,
    judge,
    dissect,
    wire: &[
        CHALLENGE,
        "-> 32 bytes: HMAC-SHA-256 of the challenge under the key `only two programs know this key.`",
        TEXT,
        "the client prints each answer as a line; it ends when its input ends, and with an error when it is refused",
        "neither the key nor a hash of it crosses the wire or opens anything; what was heard of a login opens nothing",
        REFUSED,
        ENDS,
    ],
    forms: |role| match role {
        Role::Client => forms_for_clients(),
        _ => forms_for_servers(),
    },
    finished: Some(Rehearsal {
        play: Some(fixed_challenge::play_finished),
        ..finished::rehearsal(&["hello"], judge_finished)
    }),
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

fn chapter() -> Form {
    let chapter = Form::new("a login is written down and said again", play).allow(Allowed::Hangs(attacker(1)));
    forgiving(chapter, 1)
}

fn forms_for_servers() -> Vec<Form> {
    let heard = "whoever says again what was heard of a login";
    let heard = refusal("heard-opens-nothing", "what was heard of a login opens nothing", 3, SIZE, heard);
    let secret = vec![
        Visitor::says("a stranger that sends the key itself", |_| [SECRET, b"stolen"].concat()),
        Visitor::says("a stranger that sends the SHA-256 of the key", |_| [&hash()[..], b"stolen"].concat()),
    ];
    let opens_nothing = |connection, who: &str| {
        let requires = "neither the key nor its hash opens anything";
        refusal("secret-opens-nothing", requires, connection, SIZE, who)
    };
    vec![
        tell_once(chapter(), vec![plain(2, "hello"), heard]),
        between_clients("the key itself, and its hash", secret, plain, opens_nothing),
        between_clients("strangers with other answers, between two clients", strangers(TWO), plain, refused_plainly),
        cut_and_joined(plain),
    ]
}

fn hash() -> Vec<u8> {
    Sha256::digest(SECRET).to_vec()
}

fn forms_for_clients() -> Vec<Form> {
    let pieces: Vec<Step> = (1..=SIZE + 3).flat_map(|byte| [Step::Send(At::Byte(byte)), Step::Gate]).collect();
    let cut = Form::relayed("the challenge and the answers in pieces", [Script::to_client(pieces)], LINES);
    let rogue = Form::new("a rogue asks for the password, and one refuses the answer", |stage| {
        let rogue = Rogue::pose(stage)?;
        stage.relay([])?;
        rogue.receives(stage, "hello", |stream| {
            stream.write_all(PROMPT)?;
            listens(stream, Duration::from_millis(500))
        })?;
        rogue.receives(stage, "hello", |stream| {
            stream.write_all(&[b'c'; SIZE])?;
            listens(stream, Duration::from_millis(500))
        })
    });
    let rogue = forgiving(rogue, 2);
    vec![
        tell_once(chapter(), vec![secret_stays(1), logs_in(1, answers), prints(CLIENT, 1, answers, &["HELLO"])]),
        tell_once(forgiving(cut, 1), vec![secret_stays(1), logs_in(1, answers), prints(CLIENT, 1, answers, PRINTED)]),
        tell_once(rogue, vec![secret_stays(1), secret_stays(2), fails_when_refused(2)]),
    ]
}

/// What a client is typed that is looked at closely, and what it prints then.
const LINES: &[&str] = &["hello", "world", "broken and fixed"];
const PRINTED: &[&str] = &["HELLO", "WORLD", "BROKEN AND FIXED"];

/// Whether a client has answered its challenge.
fn answers(came: &[u8], said: &[u8]) -> Result<(), String> {
    let right = tag(TWO, &[came.get(..SIZE).unwrap_or(came)]);
    let answer = said.get(..SIZE.min(said.len())).unwrap_or_default();
    if answer == right {
        return Ok(());
    }
    Err(format!("the client answered the challenge with {}, which is not its HMAC", lab::wire::quoted(answer)))
}

/// Neither the secret nor something that is as good crosses the wire.
fn secret_stays(connection: usize) -> Rule {
    let requires = "neither the key nor anything that is as good as it crosses the wire";
    Rule::new("secret-stays", requires, move |record| {
        if connection > record.connections() {
            return Seen::Unknown("your client did not connect, so this trap says nothing".to_string());
        }
        let said = record.bytes(connection, Way::ToServer);
        let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        let forms = [
            ("the key itself", SECRET.to_vec()),
            ("the key in hexadecimal digits", hex(SECRET).into_bytes()),
            ("the key in base64", BASE64.to_vec()),
            ("the SHA-256 of the key", hash()),
            ("the SHA-256 of the key in hexadecimal digits", hex(&hash()).into_bytes()),
        ];
        let said = said.to_ascii_lowercase();
        let told = forms.iter().find(|(_, form)| {
            let form = form.to_ascii_lowercase();
            said.windows(form.len()).any(|bytes| bytes == form)
        });
        match told {
            None => Seen::Kept,
            Some((what, _)) => Seen::Violated(format!("the client sent {what}, for everybody on the path to read")),
        }
    })
    .hint("send only what the key makes of this one challenge: HMAC-SHA-256, with the key as its key")
}

/// [`SECRET`] in base64, without the last characters, which depend on what follows.
const BASE64: &[u8] = b"b25seSB0d28gcHJvZ3JhbXMga25vdyB0aGlzIGtleS";

/// The client talks to the attacker, connection 1, and the attacker to the server, connections 2 and 3.
fn judge(record: &Record) -> Finding {
    let told = record.bytes(1, Way::ToServer).windows(SECRET.len()).any(|bytes| bytes == SECRET);
    let served = record.bytes(3, Way::ToClient).ends_with(b"STOLEN");
    match (told, served) {
        (true, true) => Finding::Broke("the secret crossed the wire, and whoever had heard it was served".to_string()),
        (true, false) => Finding::Broke("the secret crossed the wire, for everybody on the path to read".to_string()),
        (false, true) => Finding::Broke("what was heard of one login was good for another".to_string()),
        (false, false) if record.bytes(1, Way::ToClient).ends_with(b"HELLO") => Finding::Held(
            "the secret did not cross the wire, and what was heard of the login opened nothing".to_string(),
        ),
        (false, false) => Finding::Other("the client, who knows the secret, was not served".to_string()),
    }
}

fn judge_finished(record: &Record) -> Finding {
    let told: String = record.bytes(1, Way::ToServer).iter().map(|byte| format!("{byte:02x}")).collect();
    if told.contains(ALICE.trim()) {
        return Finding::Other("the key crossed the wire".to_string());
    }
    if !record.bytes(2, Way::ToClient).ends_with(&REFUSAL) {
        return Finding::Other("the recorded login was not refused".to_string());
    }
    let how = "the key did not cross the wire, and what was heard of the login was refused";
    finished::finding(finished::printed(record, &["HELLO"]), how)
}

fn dissect(way: Way, bytes: &[u8]) -> Vec<Span> {
    let (length, name) = match way {
        Way::ToClient if bytes.starts_with(PROMPT) => (PROMPT.len(), "prompt"),
        Way::ToClient => (32, "challenge"),
        Way::ToServer if bytes.starts_with(SECRET) => (32, "the secret itself"),
        Way::ToServer => (32, "answer"),
    };
    let first = bytes.len().min(length);
    let mut spans = vec![Span { length: first, name: name.to_string() }];
    if bytes.len() > first {
        spans.push(Span { length: bytes.len() - first, name: "text".to_string() });
    }
    spans
}
