//! What several wires of this lesson have in common: how datagrams are found on the record, and rules about them.

use std::thread;
use std::time::{Duration, Instant};

use lab::{
    Allowed, CLIENT, DatagramAttacker, Exit, Fates, Form, Record, Role, Rule, SERVER, Seen, Stage, Way, What, Who,
};

/// The wire of a server that sends every datagram back.
pub(crate) const ECHO: &[&str] = &[
    "-> datagrams of ASCII text, 0 to 65,507 bytes, the next one when the one before was answered",
    "<- for each one datagram, the same bytes, to its sender, within 3 seconds",
    "the server serves any number of clients, and no datagram ends it",
];

/// The most bytes of a datagram over IPv4: 65,535 less 20 of IP and 8 of UDP. macOS sends less unless it is told otherwise
/// (net.inet.udp.maxdgram).
pub(crate) const LARGEST: usize = if cfg!(target_vendor = "apple") { 9216 } else { 65_507 };

/// The client of that number.
pub(crate) const fn client(number: usize) -> Who {
    Who { role: Role::Client, number }
}

/// What went on between an actor and the other side in one direction, over all its sockets.
pub(crate) fn datagrams(record: &Record, who: Who, way: Way) -> Vec<Vec<u8>> {
    let mine = |connection: &usize| record.caller(*connection) == who;
    (1..=record.connections()).filter(mine).flat_map(|connection| record.datagrams(connection, way)).collect()
}

/// What an actor has sent to the server, over all its sockets, in the order of the record, lost datagrams too; with each
/// one whether, and when, an answer with the same bytes was handed to it.
pub(crate) fn asked(record: &Record, who: Who) -> Vec<Asked> {
    let mut asked: Vec<Asked> = Vec::new();
    for (place, event) in record.events.iter().enumerate() {
        if event.connection.is_none_or(|connection| record.caller(connection) != who) {
            continue;
        }
        match &event.what {
            What::Datagram { way: Way::ToClient, bytes } if event.who.role == Role::Server => {
                for asked in asked.iter_mut().filter(|asked| asked.bytes == *bytes) {
                    asked.answered_at.get_or_insert(place);
                }
            }
            What::Datagram { way: Way::ToServer, bytes } | What::Lost { way: Way::ToServer, bytes } => {
                asked.push(Asked { place, bytes: bytes.clone(), answered_at: None });
            }
            _ => {}
        }
    }
    asked
}

/// One datagram that a client has sent.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    /// Its place on the record.
    pub(crate) place: usize,
    pub(crate) bytes: Vec<u8>,
    /// Where on the record an answer with the same bytes was handed to the client, after this.
    pub(crate) answered_at: Option<usize>,
}

/// The server, a relay that hands everything on, and one client after the other that is typed these lines. The server has
/// to send each line back. `hint`: what a server that does not most likely does.
pub(crate) fn echoed(name: &str, clients: &[&[&str]], hint: &'static str) -> Form {
    let typed: Vec<Vec<String>> = clients.iter().map(|lines| lines.iter().map(ToString::to_string).collect()).collect();
    let played = typed.clone();
    let form = Form::new(name, move |stage| {
        stage.datagrams();
        stage.server()?;
        stage.datagram_relay(Fates::default())?;
        for lines in &played {
            let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
            let who = stage.client(&lines)?;
            stage.ends(who)?;
        }
        Ok(())
    });
    let mut form = clients_may_fail(form, typed.len());
    for (place, lines) in typed.into_iter().enumerate() {
        let expected = lines.into_iter().map(String::into_bytes).map(Answer::same).collect();
        form = answers(form, client(place + 1), place + 1, expected, hint);
    }
    form
}

/// The lab's own clients end with an error, or wait, where an answer does not come: the rules say so in better words.
pub(crate) fn clients_may_fail(form: Form, clients: usize) -> Form {
    (1..=clients).map(client).fold(form, |form, who| form.allow(Allowed::Hangs(who)).allow(Allowed::Fails(who)))
}

/// A question, as it is to be named, and its answer.
#[derive(Clone)]
pub(crate) struct Answer {
    pub(crate) question: String,
    pub(crate) bytes: Vec<u8>,
}

impl Answer {
    /// The answer is the question.
    pub(crate) fn same(bytes: Vec<u8>) -> Answer {
        Answer { question: named(&bytes), bytes }
    }
}

/// The client asks one question after the other on this connection, and the server answers each with one datagram.
pub(crate) fn answers(form: Form, who: Who, connection: usize, expected: Vec<Answer>, hint: &'static str) -> Form {
    let form = expected.iter().fold(form, |form, answer| form.wanted(connection, Way::ToClient, answer.bytes.clone()));
    let wanted = expected.clone();
    let is_answered = Rule::new("is-answered", "every datagram is answered", move |record| {
        let asked = datagrams(record, who, Way::ToServer).len();
        let answered = datagrams(record, who, Way::ToClient).len();
        match wanted.get(answered) {
            Some(missing) if answered < asked => {
                Seen::Violated(format!("the server took {} and sent nothing back{}", missing.question, to(who)))
            }
            // A server that has ended is not asked any more.
            _ if record.exit(SERVER).is_some() => Seen::Kept,
            _ => Seen::kept_if(asked > 0, format!("the {who} sent nothing")),
        }
    });
    let same_bytes = Rule::new("same-bytes", "each answer is what the wire says", move |record| {
        let answers = datagrams(record, who, Way::ToClient);
        for (place, answer) in answers.iter().enumerate() {
            let Some(wanted) = expected.get(place) else {
                return Seen::Violated(format!("one more datagram than was asked for came back: {}", brief(answer)));
            };
            if answer == &wanted.bytes {
                continue;
            }
            let part = !answer.is_empty() && wanted.bytes.starts_with(answer);
            return Seen::Violated(if part {
                format!("of the answer to {} only the first {} came back", wanted.question, count(answer.len(), "byte"))
            } else {
                let expected = brief(&wanted.bytes);
                format!("for {} came back {}; expected: {expected}", wanted.question, brief(answer))
            });
        }
        Seen::Kept
    });
    form.rule(is_answered.hint(hint)).rule(same_bytes.hint(hint))
}

fn to(who: Who) -> String {
    if who == CLIENT { String::new() } else { format!(" to {who}, a new one") }
}

/// The answer of the server to who asked last, if one comes before everybody has been at rest for 3 seconds.
pub(crate) fn answer(stage: &mut Stage, asker: &mut DatagramAttacker) -> anyhow::Result<Option<Vec<u8>>> {
    rest(stage, |stage| {
        let answer = asker.received().into_iter().next();
        let over = stage.record(|record| record.exit(SERVER).is_some());
        (answer.is_some() || over).then_some(answer)
    })
    .map(Option::flatten)
}

/// Waits until everybody has been at rest for 3 seconds, or until a look gives something.
pub(crate) fn rest<T>(stage: &mut Stage, mut look: impl FnMut(&mut Stage) -> Option<T>) -> anyhow::Result<Option<T>> {
    /// So many looks at everybody at rest, this far apart.
    const LOOKS: u32 = 60;
    const APART: Duration = Duration::from_millis(50);
    /// Who does not come to rest at all is waited for no longer.
    const MOST: Duration = Duration::from_secs(20);
    let begin = Instant::now();
    for _ in 0..LOOKS {
        stage.settle()?;
        if let Some(seen) = look(stage) {
            return Ok(Some(seen));
        }
        if begin.elapsed() > MOST {
            break;
        }
        thread::park_timeout(APART);
    }
    Ok(None)
}

/// How the client ended, where it did all that it had to: with status 0, and not later than its input.
pub(crate) fn ends(done: impl Fn(&Record) -> bool + Send + Sync + 'static) -> Rule {
    Rule::new("ends", "your client ends with status 0", move |record| {
        if !done(record) {
            return Seen::Kept;
        }
        match record.exit(CLIENT) {
            Some(Exit::Status(0)) => Seen::Kept,
            Some(exit) => {
                Seen::Violated(format!("all was answered, and then your client {exit}{}", last_words(record)))
            }
            None => {
                Seen::Violated("all was answered and its input had ended, and your client went on waiting".to_string())
            }
        }
    })
    .hint(
        "a socket that is open, or a thread that receives, keeps many programs alive: close it at the end of the input",
    )
}

/// The last line of the client's standard error, as a clause.
pub(crate) fn last_words(record: &Record) -> String {
    let said = record.complaints(CLIENT).into_iter().rev().find(|line| !line.trim().is_empty());
    said.map(|line| format!(": {}", line.trim())).unwrap_or_default()
}

/// How the client ended, or what it does instead.
pub(crate) fn end(record: &Record) -> String {
    match record.exit(CLIENT) {
        Some(exit) => format!("your client {exit}{}", last_words(record)),
        None => "your client waits".to_string(),
    }
}

/// A datagram in the middle of a sentence.
pub(crate) fn named(bytes: &[u8]) -> String {
    /// Longer ones are told by their length.
    const SHORT: usize = 24;
    match bytes.len() {
        0 => "the datagram without bytes".to_string(),
        length if length > SHORT => format!("the datagram of {length} bytes"),
        _ => brief(bytes),
    }
}

/// A few bytes in the middle of a sentence.
pub(crate) fn brief(bytes: &[u8]) -> String {
    /// So many are shown.
    const SHOWN: usize = 40;
    let shown = &bytes[..bytes.len().min(SHOWN)];
    let text = std::str::from_utf8(bytes).is_ok();
    let mut brief = match bytes.len() {
        0 => return "a datagram without bytes".to_string(),
        _ if text => format!("{:?}", String::from_utf8_lossy(shown)),
        _ => shown.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(" "),
    };
    if shown.len() < bytes.len() {
        brief += &format!(" ... ({})", count(bytes.len(), "byte"));
    }
    brief
}

/// `1 byte`, `2 bytes`.
pub(crate) fn count(number: usize, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}
