//! `no-scheme`: a client that knows nothing of the login talks to a server that asks for one.

use lab::{
    CLIENT, Cast, Check, Experiment, Finding, Form, Record, Role, Rule, Script, Seen, Side, Span, Stage, Way, What,
};

use crate::visitors::{self, SHARED, Visitor, call, ended, flipped, forgiving, long_text, tag, tell_once};

#[expect(clippy::disallowed_methods, reason = "an echo sends back whatever one read gives")]
mod broken;
#[expect(clippy::disallowed_methods, reason = "an echo sends back whatever one read gives")]
mod fixed;
#[expect(
    clippy::disallowed_methods,
    reason = "it takes what one read gives for the answer, as clients of this wire do"
)]
mod peer;

/// Bytes of the challenge.
const SIZE: usize = 32;

pub(crate) static EXPERIMENT: Experiment = Experiment {
    name: "no-scheme",
    question: "What does a client see that does not know of the login?",
    twins: lab::twins!(),
    server: Side::Twins { broken: broken::serve, fixed: fixed::serve },
    client: Side::Peer(peer::connect),
    check: Check::Side(Role::Server),
    play,
    judge,
    dissect,
    wire: &[
        "<- the server speaks first: one line of text that contains the words `log in`",
        "-> a client that can log in sends `?`; <- 32 random bytes, the challenge",
        "-> 32 bytes: HMAC-SHA-256 of the challenge under the key `thirty-two bytes of a shared key`",
        "after a right answer, text comes back in upper case; any other client gets nothing more than that line",
        "the server ends such a connection in order, with a FIN before any reset, within 3 seconds",
        visitors::ENDS,
    ],
    forms: |_| forms(),
    ..lab::EXPERIMENT
};

fn play(stage: &mut Stage) -> anyhow::Result<()> {
    stage.varying(&["challenge"]);
    stage.server()?;
    stage.relay([Script::open()])?;
    stage.talkative_client()?;
    let spoken = stage.wait("the server has spoken first", |record| {
        !record.bytes(1, Way::ToClient).is_empty() || record.fin(1, Way::ToClient)
    });
    // A server of somebody else's that does not has broken a rule already.
    if stage.cast() != Cast::Yours(Role::Server) {
        spoken?;
    }
    stage.type_line(CLIENT, "hello")?;
    stage.end_input(CLIENT)?;
    stage.ends(CLIENT)
}

fn forms() -> Vec<Form> {
    let chapter = Form::new("an old client says hello", play);
    let old = vec![
        Visitor::says("an old client with a long text", |_| long_text().as_bytes().to_vec()),
        Visitor::says("an old client that says one letter", |_| b"h".to_vec()),
        Visitor::says("an old client that ends without a word", |_| Vec::new()).and_ends(),
    ];
    let old: Vec<Visitor> = old.into_iter().map(|visitor| visitor.after(0).and_listens()).collect();
    let number = old.len();
    let olds = Form::new("other old clients", move |stage| {
        stage.server()?;
        old.iter().try_for_each(|visitor| visitor.visit(stage))
    });
    let new = Form::new("clients that can log in, and one with a wrong answer", |stage| {
        stage.server()?;
        log_in(stage, false, |challenge| [&tag(SHARED, &[challenge])[..], b"hello"].concat())?;
        log_in(stage, false, |challenge| [&flipped(tag(SHARED, &[challenge]), 0)[..], b"stolen"].concat())?;
        log_in(stage, true, |challenge| [&tag(SHARED, &[challenge])[..], b"once more"].concat())
    });
    let each = |connection| vec![words_first(connection), nothing_unasked(connection), words_arrive(connection)];
    vec![
        forgiving(tell_once(chapter, each(1)), 1),
        tell_once(olds, (1..=number).flat_map(each).collect()),
        tell_once(new, vec![served(1, "hello"), wrong_is_refused(2), served(3, "once more")]),
    ]
}

/// Reads the line of the server, asks for a challenge and says this, all of it at once or byte by byte; then it ends.
fn log_in(stage: &mut Stage, cut: bool, answer: impl Fn(&[u8]) -> Vec<u8>) -> anyhow::Result<()> {
    /// The longest line.
    const LINE: usize = 1024;
    let mut client = call(stage)?;
    let mut line = 0;
    while client.receive(1).first().is_some_and(|byte| *byte != b'\n') && line < LINE {
        line += 1;
    }
    client.send(b"?");
    let challenge = client.receive(SIZE);
    let answer = answer(&challenge);
    let (alone, rest) = answer.split_at(if cut { SIZE + 1 } else { 0 });
    for byte in alone {
        client.send(&[*byte]);
        client.taken();
    }
    client.send(rest);
    client.half_close();
    client.receive_all(64 * 1024);
    Ok(())
}

/// The first line, with its end, and what came behind it.
fn line_and_rest(came: &[u8]) -> (&[u8], &[u8]) {
    came.split_at(came.iter().position(|byte| *byte == b'\n').map_or(came.len(), |end| end + 1))
}

fn asks_to_log_in(line: &[u8]) -> bool {
    let words = std::str::from_utf8(line).unwrap_or_default();
    words.ends_with('\n')
        && words.to_ascii_lowercase().contains("log in")
        && !words.trim_end().contains(char::is_control)
}

/// The first thing that anybody gets is a line of words.
fn words_first(connection: usize) -> Rule {
    Rule::new("words-come-first", "the first bytes are a line with the words log in", move |record| {
        let came = record.bytes(connection, Way::ToClient);
        let (line, _) = line_and_rest(&came);
        Seen::kept_if(
            asks_to_log_in(line),
            format!(
                "the first that an old client got is {}, and not a line with the words log in",
                lab::wire::quoted(&came)
            ),
        )
    })
    .hint("say first, in words that any client can show, that it has to log in and how")
}

/// An old client gets nothing behind the line.
fn nothing_unasked(connection: usize) -> Rule {
    Rule::new("nothing-unasked", "who has not asked for a challenge gets nothing more", move |record| {
        let came = record.bytes(connection, Way::ToClient);
        let (line, rest) = line_and_rest(&came);
        // What is no such line is told by another rule.
        let kept = !asks_to_log_in(line) || rest.is_empty();
        Seen::kept_if(
            kept,
            format!("an old client, which had asked for nothing, got {} behind the words", lab::wire::quoted(rest)),
        )
    })
    .hint("send the challenge when the client has asked for it, and nothing to anybody else")
}

/// The connection of an old client is ended so that the words arrive.
fn words_arrive(connection: usize) -> Rule {
    Rule::new("words-arrive", "the server ends that connection in order", move |record| {
        let first = record.on(connection).find_map(|event| match event.what {
            What::Fin { way: Way::ToClient } => Some(true),
            What::Rst { way: Way::ToClient } => Some(false),
            _ => None,
        });
        match first {
            Some(true) => Seen::Kept,
            Some(false) => {
                Seen::Violated("the connection was reset, which may destroy the words on their way".to_string())
            }
            None => Seen::Violated("an old client was left waiting: the server did not end the connection".to_string()),
        }
    })
    .hint("end your own half first (shutdown), then read what still comes, and close")
}

/// A client that can log in gets its text back.
fn served(connection: usize, line: &str) -> Rule {
    let text = line.to_ascii_uppercase().into_bytes();
    Rule::new("key-is-served", "every client with the right key is served", move |record| {
        let came = record.bytes(connection, Way::ToClient);
        let head = came.len().saturating_sub(text.len());
        // What comes before the challenge is judged by other rules.
        Seen::kept_if(
            head >= SIZE && came.ends_with(&text),
            format!(
                "a client that asked for a challenge, and has the key, got {} in the end",
                lab::wire::quoted(&came)
            ),
        )
    })
}

fn wrong_is_refused(connection: usize) -> Rule {
    Rule::new("stranger-is-refused", "a wrong answer opens nothing", move |record| {
        let came = record.bytes(connection, Way::ToClient);
        if came.ends_with(b"STOLEN") {
            return Seen::Violated("a stranger with a wrong answer got \"STOLEN\"".to_string());
        }
        Seen::kept_if(
            ended(record, connection),
            "a stranger with a wrong answer was left waiting: the server did not end the connection",
        )
    })
}

fn judge(record: &Record) -> Finding {
    let came = record.bytes(1, Way::ToClient);
    match std::str::from_utf8(&came) {
        Ok(text) if text.contains("log in") => {
            Finding::Held("the first bytes were words, and the client showed them: log in first".to_string())
        }
        Err(_) if came.len() == SIZE => Finding::Broke(
            "the challenge passed for the answer to hello, and nobody said that a login is needed".to_string(),
        ),
        _ => Finding::Other("the client was told something else than to log in".to_string()),
    }
}

fn dissect(way: Way, bytes: &[u8]) -> Vec<Span> {
    let challenge = way == Way::ToClient && !bytes.is_ascii();
    vec![Span { length: bytes.len(), name: if challenge { "challenge" } else { "text" }.to_string() }]
}
