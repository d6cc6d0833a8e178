//! What the forms of this lesson share: visitors whom the lab plays, with the key and without it, and the rules for what
//! each of them gets.

use std::io::{ErrorKind, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::OnceLock;
use std::thread;
use std::time::{Duration, Instant};

use hmac::{Hmac, KeyInit, Mac};
use lab::wire::quoted;
use lab::{
    Allowed, At, Attacker, CLIENT, Form, Record, Role, Rule, SERVER, Script, Seen, Stage, Step, Void, Way, What, Who,
};
use sha2::Sha256;

/// The two keys of the lesson. Real ones are random and come from files.
pub(crate) const TWO: &[u8; 32] = b"only two programs know this key.";
pub(crate) const SHARED: &[u8; 32] = b"thirty-two bytes of a shared key";
/// Bytes of a challenge, and of a tag.
pub(crate) const SIZE: usize = 32;
/// How long a visitor waits for a server.
pub(crate) const WAIT: Duration = Duration::from_secs(3);
/// How long a program may take until it connects.
const START: Duration = Duration::from_secs(10);
/// What a visitor takes of an answer that is for it, bytes.
const MOST: usize = 64 * 1024;

/// The wire of most experiments.
pub(crate) const CHALLENGE: &str = "<- 32 bytes, random and new for every connection: the challenge";
pub(crate) const TEXT: &str = "-> after the login any text, of any length, in pieces; <- the same in upper case";
pub(crate) const REFUSED: &str =
    "whoever has no right answer gets nothing more, and the server ends the connection by itself, within 3 seconds";
pub(crate) const ENDS: &str =
    "the server ends its stream when the client has ended its own, and serves the next client";

/// HMAC-SHA-256 (RFC 2104) of these parts, one behind the other.
pub(crate) fn tag(key: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    // A key may have any length, so this does not fail.
    let mac = Hmac::<Sha256>::new_from_slice(key).ok();
    let mac = mac.map(|mac| parts.iter().fold(mac, |mac, part| mac.chain_update(part)));
    mac.map_or(Vec::new(), |mac| mac.finalize().into_bytes().to_vec())
}

/// The same with one bit turned round.
pub(crate) fn flipped(mut bytes: Vec<u8>, at: usize) -> Vec<u8> {
    if let Some(byte) = bytes.get_mut(at) {
        *byte ^= 1;
    }
    bytes
}

pub(crate) fn client(number: usize) -> Who {
    Who { number, ..CLIENT }
}

pub(crate) fn attacker(number: usize) -> Who {
    Who { role: Role::Attacker, number }
}

type Pieces = Box<dyn Fn(&[u8]) -> Vec<Vec<u8>> + Send + Sync>;

/// A third party that the lab plays, on a connection of its own.
pub(crate) struct Visitor {
    /// As a sentence names it: `a stranger that answers with 32 zero bytes`.
    pub(crate) name: String,
    /// Bytes that it waits for before it says anything.
    greeting: usize,
    pieces: Pieces,
    half_closes: bool,
    /// What it takes of an answer, bytes. One byte is too much for a stranger.
    most: usize,
}

impl Visitor {
    /// Says this in answer to the challenge, all at once.
    pub(crate) fn says(name: &str, answer: impl Fn(&[u8]) -> Vec<u8> + Send + Sync + 'static) -> Visitor {
        Visitor::in_pieces(name, move |challenge| vec![answer(challenge)])
    }

    /// Says this in answer to the challenge, each piece when the server has read the one before.
    pub(crate) fn in_pieces(name: &str, pieces: impl Fn(&[u8]) -> Vec<Vec<u8>> + Send + Sync + 'static) -> Visitor {
        Visitor { name: name.to_string(), greeting: SIZE, pieces: Box::new(pieces), half_closes: false, most: 1 }
    }

    /// Waits for so many bytes first, instead of a challenge.
    pub(crate) fn after(mut self, greeting: usize) -> Visitor {
        self.greeting = greeting;
        self
    }

    /// Takes a whole answer, as who has the key.
    pub(crate) fn and_listens(mut self) -> Visitor {
        self.most = MOST;
        self
    }

    /// Ends its own stream when it has said everything.
    pub(crate) fn and_ends(mut self) -> Visitor {
        self.half_closes = true;
        self
    }

    /// Has its say and takes what comes, until the server ends the connection or lets it wait too long.
    pub(crate) fn visit(&self, stage: &mut Stage) -> anyhow::Result<()> {
        self.is_greeted(stage).map(drop)
    }

    /// The same, and keeps its own side of the connection open until the play is over.
    pub(crate) fn stay(&self, stage: &mut Stage) -> anyhow::Result<()> {
        let (visitor, _) = self.has_its_say(stage)?;
        stage.keep(visitor);
        Ok(())
    }

    /// The same; false when the greeting did not come.
    fn is_greeted(&self, stage: &mut Stage) -> anyhow::Result<bool> {
        self.has_its_say(stage).map(|(_, greeted)| greeted)
    }

    fn has_its_say(&self, stage: &mut Stage) -> anyhow::Result<(Attacker, bool)> {
        let mut visitor = call(stage)?;
        let challenge = visitor.receive(self.greeting);
        let greeted = challenge.len() == self.greeting;
        let pieces = (self.pieces)(&challenge);
        let several = pieces.len() > 1;
        for piece in pieces {
            visitor.send(&piece);
            if several {
                visitor.taken();
            }
        }
        if self.half_closes {
            visitor.half_close();
        }
        visitor.receive_all(self.most);
        Ok((visitor, greeted))
    }
}

/// One after the other. False when one was not greeted: that was the last one, since the others would wait as long.
pub(crate) fn visit_all<'a>(
    stage: &mut Stage,
    visitors: impl IntoIterator<Item = &'a Visitor>,
) -> anyhow::Result<bool> {
    for visitor in visitors {
        if !visitor.is_greeted(stage)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// A connection straight to the server. That there is nobody any more is the server's doing, and goes on the record.
pub(crate) fn call(stage: &mut Stage) -> anyhow::Result<Attacker> {
    match stage.attacker() {
        Ok(mut visitor) => {
            visitor.patience(WAIT)?;
            Ok(visitor)
        }
        Err(error) => {
            // A server that has ended is seen to have ended; one that only takes nobody any more is not.
            let _ = stage.exits(SERVER);
            Err(Void(format!("{error:#}")).into())
        }
    }
}

/// Strangers of the plain login, none of which has the right answer under this key.
pub(crate) fn strangers(key: &'static [u8; 32]) -> Vec<Visitor> {
    let right = move |challenge: &[u8]| tag(key, &[challenge]);
    vec![
        Visitor::says("a stranger that says its order and no answer", |_| b"stolen".to_vec()).and_ends(),
        Visitor::says("a stranger that answers with 32 zero bytes", |_| [&[0; SIZE][..], b"stolen"].concat()),
        Visitor::says("a stranger that sends the challenge back", |challenge| [challenge, b"stolen"].concat()),
        Visitor::says("a stranger whose answer has one wrong bit", move |challenge| {
            [&flipped(right(challenge), SIZE - 1)[..], b"stolen"].concat()
        }),
        Visitor::in_pieces("a stranger that has the first half of the answer", move |challenge| {
            vec![right(challenge)[..SIZE / 2].to_vec(), b"stolen".to_vec()]
        })
        .and_ends(),
        Visitor::says("a stranger that ends without a word", |_| Vec::new()).and_ends(),
    ]
}

/// The rule for the client with the key on this connection, which was typed this line.
pub(crate) type Served = fn(usize, &str) -> Rule;

/// A client with the key, then each visitor, then a client with the key again.
pub(crate) fn between_clients(
    name: &str,
    visitors: Vec<Visitor>,
    served: Served,
    refused: impl Fn(usize, &str) -> Rule,
) -> Form {
    let last = visitors.len() + 2;
    let rules: Vec<Rule> =
        visitors.iter().zip(2..).map(|(visitor, connection)| refused(connection, &visitor.name)).collect();
    let at_first = served(1, "hello you");
    let form = Form::new(name, move |stage| {
        stage.server()?;
        stage.relay([])?;
        let first = stage.client(&["hello you"])?;
        stage.ends(first)?;
        // A server that lets those wait who have the key is known by now.
        if stage.record(|record| record.hung(first).is_some() && at_first.look(record) != Seen::Kept) {
            return Ok(());
        }
        if !visit_all(stage, &visitors)? {
            return Ok(());
        }
        let fresh = stage.client(&["once more"])?;
        stage.ends(fresh)
    });
    let form = tell_once(form, rules.into_iter().chain([served(1, "hello you"), served(last, "once more")]).collect());
    forgiving(form, 2)
}

/// Clients with the key, one after the other, each with its line and the steps of the relay on its way to the server.
pub(crate) fn clients(name: &str, each: Vec<(&'static str, Vec<Step>)>, served: Served) -> Form {
    let scripts: Vec<Script> = each.iter().map(|(_, steps)| Script::to_server(steps.clone())).collect();
    let lines: Vec<&str> = each.iter().map(|(line, _)| *line).collect();
    let rules = lines.iter().zip(1..).map(|(line, connection)| served(connection, line)).collect();
    let number = lines.len();
    let form = Form::new(name, {
        let scripts = scripts.clone();
        move |stage| {
            stage.server()?;
            stage.relay(scripts.clone())?;
            for (line, connection) in lines.iter().zip(1..) {
                let client = stage.client(&[*line])?;
                stage.ends(client)?;
                // Who does not serve those that have the key is known by now.
                if stage.record(|record| served(connection, line).look(record)) != Seen::Kept {
                    break;
                }
            }
            Ok(())
        }
    });
    forgiving(tell_once(form.scripts(scripts), rules), number)
}

/// A text that no buffer of the usual sizes takes at once.
pub(crate) fn long_text() -> &'static str {
    static TEXT: OnceLock<String> = OnceLock::new();
    TEXT.get_or_init(|| "sockets, broken and fixed, ".repeat(740))
}

/// Every one of these first bytes alone, each when the server has read the one before.
pub(crate) fn bytewise(bytes: usize) -> Vec<Step> {
    (1..=bytes).flat_map(|byte| [Step::Send(At::Byte(byte)), Step::Gate]).collect()
}

/// The plain login in pieces, as a whole with its text, and with a long text.
pub(crate) fn cut_and_joined(served: Served) -> Form {
    let each = vec![
        ("hello", bytewise(SIZE + 2)),
        ("world", vec![Step::Hold(At::Byte(SIZE + 5)), Step::Settle]),
        (long_text(), vec![Step::Send(At::Byte(1)), Step::Settle, Step::Hold(At::Byte(SIZE + 9000))]),
    ];
    clients("the answer cut at each byte, joined with its text, before a text of 20,000 bytes", each, served)
}

/// This client was refused, and says so: it ends with an error.
pub(crate) fn fails_when_refused(number: usize) -> Rule {
    let who = client(number);
    let requires = "a client that is refused ends with an error";
    Rule::new("refusal-is-an-error", requires, move |record| match record.exit(who) {
        Some(exit) if !exit.is_success() => Seen::Kept,
        Some(exit) => {
            Seen::Violated(format!("the server ended the connection without an answer, and your client {exit}"))
        }
        None => Seen::Violated(
            "the server ended the connection without an answer, and your client does not end".to_string(),
        ),
    })
    .hint("an end of the stream where an answer is due is an error: say so, and end with another status than 0")
}

/// Whether the clients got their answers is judged by their bytes, and so they may fail and wait.
pub(crate) fn forgiving(form: Form, clients: usize) -> Form {
    (1..=clients).map(client).fold(form, |form, who| form.allow(Allowed::Fails(who)).allow(Allowed::Hangs(who)))
}

/// These rules; what several of one name require is told once.
pub(crate) fn tell_once(form: Form, rules: Vec<Rule>) -> Form {
    let mut told: Vec<&str> = Vec::new();
    rules.into_iter().fold(form, |form, mut rule| {
        if told.contains(&rule.name) {
            rule.requires = String::new();
        }
        told.push(rule.name);
        form.rule(rule)
    })
}

/// The client of this connection has the key, and gets its line back in upper case behind the challenge.
pub(crate) fn plain(connection: usize, line: &str) -> Rule {
    let text = line.to_ascii_uppercase().into_bytes();
    key_is_served(connection, SIZE, move |_| text.clone())
}

/// The client of this connection has the key, and gets what `answer` makes of the challenge, behind `head` bytes of which
/// the challenge is the last part.
pub(crate) fn key_is_served(
    connection: usize,
    head: usize,
    answer: impl Fn(&[u8]) -> Vec<u8> + Send + Sync + 'static,
) -> Rule {
    Rule::new("key-is-served", "every client with the right key is served", move |record| {
        if connection > record.connections() {
            return nobody_there(record);
        }
        let came = record.bytes(connection, Way::ToClient);
        let Some((challenge, text)) = came.split_at_checked(head) else {
            return Seen::Violated(format!(
                "a client with the right key got {} where {} are expected first",
                quoted(&came),
                challenge_of(head)
            ));
        };
        let expected = answer(challenge);
        Seen::kept_if(
            text == expected,
            match text {
                [] => "a client with the right key was not served: nothing came after its answer".to_string(),
                _ => format!("a client with the right key got {}; expected: {}", quoted(text), quoted(&expected)),
            },
        )
    })
}

fn challenge_of(head: usize) -> String {
    if head == SIZE { "the 32 bytes of a challenge".to_string() } else { format!("{head} bytes") }
}

/// A connection that is not on the record: a client could not connect, or the play did not come so far.
fn nobody_there(record: &Record) -> Seen {
    let alone = |who: &Who| {
        who.role == Role::Client && (1..=record.connections()).all(|connection| record.caller(connection) != *who)
    };
    match record.events.iter().map(|event| event.who).find(alone) {
        Some(who) => Seen::Violated(format!("{who} has the right key, and got nothing")),
        None => Seen::Unknown("the server took no more connections, so the play came to an early end".to_string()),
    }
}

/// Whoever is on this connection gets nothing behind `head` bytes, and the server ends it. `who` names it.
pub(crate) fn refused(connection: usize, head: usize, who: &str) -> Rule {
    refusal("stranger-is-refused", "nobody else gets anything, or is left waiting", connection, head, who)
}

/// The same of the plain login.
pub(crate) fn refused_plainly(connection: usize, who: &str) -> Rule {
    refused(connection, SIZE, who)
}

/// The same under another name.
pub(crate) fn refusal(name: &'static str, requires: &str, connection: usize, head: usize, who: &str) -> Rule {
    let who = who.to_string();
    Rule::new(name, requires, move |record| {
        if connection > record.connections() {
            return Seen::Unknown("the server took no more connections, so the play came to an early end".to_string());
        }
        let came = record.bytes(connection, Way::ToClient);
        match came.get(head..) {
            Some([_, ..]) => Seen::Violated(format!("{who} got {}", quoted(&came[head..]))),
            // Who gives nobody a challenge is told so by another rule.
            None if came.is_empty() => Seen::Kept,
            None if came.ends_with(b"STOLEN") => Seen::Violated(format!("{who} got {}", quoted(&came))),
            _ => Seen::kept_if(
                ended(record, connection),
                format!("{who} got nothing, and the server did not end the connection"),
            ),
        }
    })
}

/// Whether the server has ended this connection.
pub(crate) fn ended(record: &Record, connection: usize) -> bool {
    record.fin(connection, Way::ToClient) || record.reset(connection, Way::ToClient)
}

/// What a program that refuses clients with the key most likely does.
pub(crate) const SHORT_READ: &str =
    "one read, or recv, gives what has come by then: read in a loop until you have all 32 bytes (in Rust read_exact)";

/// Bytes that went to the server, and to the client, before each event of a connection and at its end.
pub(crate) fn counts(record: &Record, connection: usize) -> Vec<(usize, usize)> {
    let mut counts = vec![(0, 0)];
    let (mut to_server, mut to_client) = (0, 0);
    for event in record.on(connection) {
        match &event.what {
            What::Bytes { way: Way::ToServer, total, .. } => to_server += total,
            What::Bytes { way: Way::ToClient, total, .. } => to_client += total,
            What::Inserted { way: Way::ToClient, bytes } => to_client += bytes.len(),
            _ => continue,
        }
        counts.push((to_server, to_client));
    }
    counts
}

/// A third party that poses as the server, played by the lab: clients that are started from now on come to it.
pub(crate) struct Rogue(TcpListener);

impl Rogue {
    pub(crate) fn pose(stage: &mut Stage) -> anyhow::Result<Rogue> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        stage.server_at(listener.local_addr()?);
        Ok(Rogue(listener))
    }

    /// A client comes, is typed this line and is talked to; then the rogue ends the connection. Where the client does not
    /// come there is nothing to say.
    pub(crate) fn receives(
        &self,
        stage: &mut Stage,
        line: &str,
        talk: impl FnOnce(&mut TcpStream) -> std::io::Result<()>,
    ) -> anyhow::Result<()> {
        let who = stage.client(&[line])?;
        if let Some(mut stream) = self.accept()? {
            stream.set_nonblocking(false)?;
            stream.set_nodelay(true)?;
            stream.set_read_timeout(Some(WAIT))?;
            // Where the client has gone there is nobody to talk to, and the record says so.
            let _ = talk(&mut stream);
        }
        stage.ends(who)
    }

    /// The client that comes; `None` where none does.
    fn accept(&self) -> std::io::Result<Option<TcpStream>> {
        let begin = Instant::now();
        loop {
            match self.0.accept() {
                Ok((stream, _)) => return Ok(Some(stream)),
                Err(error) if error.kind() == ErrorKind::WouldBlock && begin.elapsed() < START => {
                    thread::park_timeout(Duration::from_millis(5));
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(None),
                Err(error) => return Err(error),
            }
        }
    }
}

/// Whatever the client says within a moment, although it is its peer's turn: it would come now.
#[expect(clippy::disallowed_methods, reason = "what comes is on the record")]
pub(crate) fn listens(stream: &mut TcpStream, moment: Duration) -> std::io::Result<()> {
    stream.set_read_timeout(Some(moment))?;
    let mut unasked = [0; 1024];
    while matches!(stream.read(&mut unasked), Ok(1..)) {}
    stream.set_read_timeout(Some(WAIT))
}

/// What a client has said, judged by what came to it: an error is what is wrong with its login, as a clause.
pub(crate) type Login = fn(&[u8], &[u8]) -> Result<(), String>;

fn login(record: &Record, connection: usize, login: Login) -> Result<(), String> {
    login(&record.bytes(connection, Way::ToClient), &record.bytes(connection, Way::ToServer))
}

/// The client logs in on this connection.
pub(crate) fn logs_in(connection: usize, check: Login) -> Rule {
    Rule::new("logs-in", "the client logs in with the right answer", move |record| {
        match login(record, connection, check) {
            Ok(()) => Seen::Kept,
            Err(why) => Seen::Violated(why),
        }
    })
}

/// The client that has logged in on this connection prints these lines, and ends well.
pub(crate) fn prints(who: Who, connection: usize, check: Login, lines: &[&str]) -> Rule {
    let served = lab::wire::served(who, lines.iter().copied());
    Rule::new("prints-answers", "it prints the answers", move |record| match login(record, connection, check) {
        // Who has not logged in gets no answers; another rule says so.
        Err(_) => Seen::Kept,
        Ok(()) => served.look(record),
    })
}

/// What a client may say on this connection before its peer has proved anything, bytes, and what that proof and the nonce
/// before it have.
pub(crate) fn nothing_before_proof(connection: usize, login: usize, proof: usize) -> Rule {
    Rule::new(
        "nothing-before-proof",
        "it says nothing more before the server has proved that it has the key",
        move |record| {
            let early = counts(record, connection)
                .into_iter()
                .filter(|(_, to_client)| *to_client < proof)
                .map(|(to_server, _)| to_server)
                .max()
                .unwrap_or_default();
            Seen::kept_if(
                early <= login,
                format!(
                    "the client said {} before the server had proved anything",
                    quoted(record.bytes(connection, Way::ToServer).get(login..early).unwrap_or_default())
                ),
            )
        },
    )
}

/// Whoever cannot prove that it is the server is told nothing behind the login of the client. `who` names it.
pub(crate) fn told_nothing(
    name: &'static str,
    requires: &str,
    connection: usize,
    login: usize,
    proof: usize,
    who: &str,
) -> Rule {
    let who = who.to_string();
    Rule::new(name, requires, move |record| {
        if connection > record.connections() {
            return Seen::Unknown("your client did not connect to the rogue, so this trap says nothing".to_string());
        }
        let said = record.bytes(connection, Way::ToServer);
        if said.len() < login {
            return Seen::Violated(format!(
                "the client sent {} where the {login} bytes of its login are expected",
                quoted(&said)
            ));
        }
        // What came before the proof is told by another rule.
        let early = counts(record, connection).into_iter().filter(|(_, to_client)| *to_client < proof);
        let before = early.map(|(to_server, _)| to_server).max().unwrap_or_default().max(login);
        Seen::kept_if(
            said.len() <= before,
            format!("{who} was told {}", quoted(said.get(before..).unwrap_or_default())),
        )
    })
}

/// Makes the proof of a role: key, role, nonce of the server, hello of the client.
type Prove = fn(&[u8], &str, &[u8], &[u8]) -> Vec<u8>;
/// What a rogue sends for a proof: of the right one, and of the client's own.
type Forge = fn(&[u8], &[u8]) -> Vec<u8>;

/// What rogues without the key send in place of the proof.
const FORGERIES: [(&str, Forge); 6] = [
    ("a rogue that sends 32 zero bytes", |_, _| vec![0; SIZE]),
    ("a rogue that sends the client's own tag back", |_, own| own.to_vec()),
    ("a rogue with one wrong bit in its proof", |right, _| flipped(right.to_vec(), SIZE - 1)),
    ("a rogue with the first half of the proof", |right, _| [&right[..SIZE / 2], &[0; SIZE / 2]].concat()),
    ("a rogue that sends half a proof and ends", |right, _| right[..SIZE / 2].to_vec()),
    ("a rogue that sends no proof", |_, _| Vec::new()),
];

/// Rogues that pose as the server, one after the other; the last one says again what it has heard of a real login. The
/// hello of a client has so many bytes and is followed by its tag.
pub(crate) fn rogues(key: &'static [u8; 32], hello: usize, prove: Prove, login: Login) -> Form {
    let (said, proof) = (hello + SIZE, 2 * SIZE);
    let form = Form::new("rogues with other proofs, and one with a recorded login", move |stage| {
        stage.server()?;
        stage.relay([])?;
        let first = stage.client(&["hello"])?;
        stage.ends(first)?;
        let recorded = stage.record(|record| record.bytes(1, Way::ToClient));
        if recorded.len() < proof {
            return Ok(());
        }
        let rogue = Rogue::pose(stage)?;
        for (_, forge) in FORGERIES {
            rogue.receives(stage, SECRET, |stream| {
                let nonce = [b'n'; SIZE];
                let (hello_and_tag, mut mine) = (vec![0; said], nonce.to_vec());
                stream.write_all(&mine)?;
                let hello_and_tag = heard(stream, hello_and_tag)?;
                let (hello, own) = hello_and_tag.split_at(said - SIZE);
                listens(stream, MOMENT)?;
                mine = forge(&prove(key, "server", &nonce, hello), own);
                let (first, second) = mine.split_at(mine.len().min(SIZE / 2));
                stream.write_all(first)?;
                if second.is_empty() {
                    return Ok(());
                }
                // Who takes one read for the whole proof has made up its mind by now.
                listens(stream, MOMENT / 3)?;
                stream.write_all(second)?;
                listens(stream, MOMENT)
            })?;
        }
        rogue.receives(stage, SECRET, |stream| {
            stream.write_all(&recorded[..SIZE])?;
            heard(stream, vec![0; said])?;
            listens(stream, MOMENT)?;
            stream.write_all(&recorded[SIZE..proof])?;
            listens(stream, MOMENT)
        })
    });
    let last = FORGERIES.len() + 2;
    let told = FORGERIES.iter().zip(2..).map(|((who, _), connection)| {
        let requires = "whoever cannot prove that it is the server is told nothing";
        told_nothing("wrong-proof-tells-nothing", requires, connection, said, proof, who)
            .hint("compare the whole tag of the server, and leave where it is wrong or does not come")
    });
    let early = (1..=last).map(|connection| nothing_before_proof(connection, said, proof));
    let requires = "its nonce is new every time, so a recorded proof proves nothing";
    let again =
        told_nothing("nonce-is-new", requires, last, said, proof, "a rogue that said again what a server had said")
            .hint("draw the nonce of the client for each connection, from the random numbers of the system");
    let served = [logs_in(1, login), prints(CLIENT, 1, login, &["HELLO"])];
    forgiving(tell_once(form, early.chain(told).chain([again]).chain(served).collect()), last)
}

/// What a client tells nobody but its server.
const SECRET: &str = "the code is 4711";
/// Whoever wants to say something has said it by then.
const MOMENT: Duration = Duration::from_millis(300);

/// As many bytes as this holds.
fn heard(stream: &mut TcpStream, mut bytes: Vec<u8>) -> std::io::Result<Vec<u8>> {
    stream.read_exact(&mut bytes)?;
    Ok(bytes)
}
