use hkdf::Hkdf;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::{
    Error, HmacSha256, Key, Keyring, Lookup, RecordDecoder, RecordEncoder, TAG, fill_random, keyed, tag, verify,
};
use crate::framing::{self, Decoder};

/// The longest message before login, in bytes of payload: what a stranger may make the other side keep.
pub const LOGIN_MAXIMUM: usize = 256;

/// The longest name of a service, in bytes. The shortest has 1.
pub const SERVICE_MAXIMUM: usize = 32;

/// The longest identity, in bytes. The shortest has 1. Peers that were made before 64 bytes were allowed take 32 at most,
/// and refuse a longer identity as they refuse a wrong key.
pub const IDENTITY_MAXIMUM: usize = 64;

/// The frame of a refusal, the same for every reason. Sent in place of M1 it says that the server is full: nobody has
/// given a name yet, so it can mean nothing else ([`Error::Busy`]).
pub const REFUSAL: [u8; 9] = *b"\0\0\0\x05SBF1\x15";

const NONCE: usize = 32;

/// What every message begins with: the protocol, then one byte for the message.
const M1: &[u8; 5] = b"SBF1\x01";
const M2: &[u8; 5] = b"SBF1\x02";
const M3: &[u8; 5] = b"SBF1\x03";

/// What follows from bytes that were fed.
#[derive(Debug, Default)]
pub struct Step {
    /// What must be written to the peer now, frames and all. Often empty.
    pub send: Vec<u8>,
    /// The two directions of the channel, once the login is done. Records may be sent behind what is in `send`.
    pub session: Option<Session>,
}

/// A connection that is logged in, without its socket.
#[derive(Debug)]
pub struct Session {
    /// Who the client proved to be.
    pub identity: String,
    /// Which of the identity's keys opened: 0 for the first of the [`Keyring`], 1 for the second. At the client always 0.
    pub key_number: usize,
    /// Makes the records of this side.
    pub send: RecordEncoder,
    /// Takes the records of the other side. Bytes that came right behind the login are in it already.
    pub receive: RecordDecoder,
}

/// The server's side of one login, without its socket. Send the first frame, [feed](Server::feed) what arrives until the
/// client has said who it is, and hand in the [keys](Server::key) of that identity when you have them: at once, after a
/// query to a database, or after an `await`.
///
/// ```
/// use common::auth::{Client, Key, Server};
///
/// let key = Key::generate()?;
/// let (mut server, m1) = Server::new("greeter")?;
/// let mut client = Client::new("greeter", "alice", &key)?;
///
/// let m2 = client.feed(&m1)?.send;
/// assert_eq!(server.feed(&m2)?.as_deref(), Some("alice"));   // says the client; nobody has proved it yet
/// let step = server.key(key)?;                               // as late as you like
/// assert_eq!(step.session.unwrap().identity, "alice");
/// assert!(client.feed(&step.send)?.session.is_some());
/// # Ok::<(), common::auth::Error>(())
/// ```
#[derive(Debug)]
pub struct Server {
    frames: Decoder,
    state: State,
}

#[derive(Debug, Default)]
enum State {
    /// M1 was sent.
    Challenged { m1: Vec<u8> },
    /// M2 is there. What came behind it belongs to the records.
    Named { m1: Vec<u8>, m2: Vec<u8>, behind: Vec<u8>, fed: usize },
    #[default]
    Over,
}

impl Server {
    /// Begins a login to `service` (1 to 32 bytes), with a fresh nonce. Returns the frame to be sent first.
    ///
    /// # Errors
    ///
    /// [`Error::Name`], or [`Error::Io`] if the system has no random bytes to give.
    pub fn new(service: &str) -> Result<(Server, Vec<u8>), Error> {
        let mut nonce = [0; NONCE];
        fill_random(&mut nonce)?;
        Server::with_nonce(service, &nonce)
    }

    pub(super) fn with_nonce(service: &str, nonce: &[u8; NONCE]) -> Result<(Server, Vec<u8>), Error> {
        let m1 = opening(M1, service, SERVICE_MAXIMUM, nonce)?;
        let frame = framed(&m1)?;
        Ok((Server { frames: Decoder::new(LOGIN_MAXIMUM), state: State::Challenged { m1 } }, frame))
    }

    /// Takes bytes from the client, in any number and cut anywhere. Gives the identity that the client claims, once, when
    /// its message is whole: then call [`key`](Server::key). Anybody may claim anything, and control characters are to be
    /// escaped before a terminal. An identity that is no UTF-8 is shown with replacement characters, and no key opens it.
    ///
    /// Until the keys are handed in there is nothing to read for: an honest client waits. What is fed nevertheless is kept
    /// for the records, at most 256 bytes of it in all such calls together.
    ///
    /// # Errors
    ///
    /// [`Error::NotThisLogin`], also for more bytes than are kept: send the [`REFUSAL`]. [`Error::Over`] on every call after
    /// the login was done or failed.
    pub fn feed(&mut self, mut bytes: &[u8]) -> Result<Option<String>, Error> {
        // Taken out, and put back only if all is well: after an error the login is over.
        match std::mem::take(&mut self.state) {
            State::Over => Err(Error::Over),
            State::Named { m1, m2, mut behind, fed } => {
                let fed = fed + bytes.len();
                if fed > LOGIN_MAXIMUM {
                    return Err(Error::NotThisLogin("more bytes before the answer"));
                }
                behind.extend_from_slice(bytes);
                self.state = State::Named { m1, m2, behind, fed };
                Ok(None)
            }
            State::Challenged { m1 } => {
                let Some(m2) = next_message(&mut self.frames, &mut bytes)? else {
                    self.state = State::Challenged { m1 };
                    return Ok(None);
                };
                let identity = String::from_utf8_lossy(identity_in(&m2)?).into_owned();
                self.state = State::Named { m1, m2, behind: bytes.to_vec(), fed: 0 };
                Ok(Some(identity))
            }
        }
    }

    /// Takes the keys of the identity that [`feed`](Server::feed) gave: none if it is not known here, one, or two during a
    /// change of keys. Whether there are none, one or two, the work is the same, so that neither the answer nor its time
    /// tells the client which.
    ///
    /// If the keys cannot be had, hand in [`Keyring::none`] and send the refusal: a client must not learn from a failing
    /// database which names are in it.
    ///
    /// # Errors
    ///
    /// [`Error::ClientUnproven`]: send the [`REFUSAL`]. [`Error::Over`] if no identity waits for its keys. [`Error::Io`] if
    /// the system has no random bytes to give.
    pub fn key(&mut self, keys: impl Into<Keyring>) -> Result<Step, Error> {
        let (m1, m2, behind) = match std::mem::take(&mut self.state) {
            State::Named { m1, m2, behind, .. } => (m1, m2, behind),
            other => {
                self.state = other;
                return Err(Error::Over);
            }
        };
        let name = identity_in(&m2)?;
        let (untagged, tag_c) = m2.split_at(m2.len() - TAG);
        let keys = if std::str::from_utf8(name).is_ok() { keys.into() } else { Keyring::none() };
        let identity = String::from_utf8_lossy(name).into_owned();

        // Always two: a key that is missing takes the same way, as one that nobody has.
        let [first, second] = keys.0;
        let known = first.is_some() || second.is_some();
        let [nobodys, nor_this] = [Key::generate()?, Key::generate()?];
        let mut proven = None;
        for (key_number, key) in [(1, second.unwrap_or(nor_this)), (0, first.unwrap_or(nobodys))] {
            let derived = Derived::new(&key, &m1, untagged);
            if verify(&derived.derive(CLIENT_FINISHED)?, &[&derived.transcript], tag_c) {
                proven = Some((key_number, derived));
            }
        }
        let Some((key_number, derived)) = proven.filter(|_| known) else {
            return Err(Error::ClientUnproven { identity, known });
        };

        let tag_s = tag(&derived.derive(SERVER_FINISHED)?, &[&derived.transcript, tag_c]);
        let session = derived.session(identity, SERVER_TO_CLIENT, CLIENT_TO_SERVER, &behind)?;
        let session = Session { key_number, ..session };
        Ok(Step { send: framed(&[M3, &tag_s[..]].concat())?, session: Some(session) })
    }

    /// [`feed`](Server::feed), and [`key`](Server::key) as soon as the identity is there: for keys that are at hand, or
    /// that a call may wait for. `key_of` is asked at most once in a login. It gives an `Option<Key>`, a [`Keyring`], or a
    /// `Result` with one of them.
    ///
    /// # Errors
    ///
    /// Those of both, and [`Error::Lookup`] if `key_of` failed: send the [`REFUSAL`] for [`Error::NotThisLogin`],
    /// [`Error::ClientUnproven`] and [`Error::Lookup`], whichever it was.
    pub fn feed_with<K: Into<Lookup>>(&mut self, bytes: &[u8], key_of: impl FnOnce(&str) -> K) -> Result<Step, Error> {
        let Some(identity) = self.feed(bytes)? else { return Ok(Step::default()) };
        match key_of(&identity).into().0 {
            Ok(keys) => self.key(keys),
            Err(error) => {
                // The same work as for everybody else, before the same refusal.
                let _ = self.key(Keyring::none());
                Err(Error::Lookup { identity, error })
            }
        }
    }
}

/// The client's side of one login, without its socket. Feed what arrives, and send what comes out.
#[derive(Debug)]
pub struct Client {
    frames: Decoder,
    service: String,
    identity: String,
    key: Key,
    nonce: [u8; NONCE],
    awaits: Awaits,
}

#[derive(Debug, Default)]
enum Awaits {
    Challenge,
    Proof {
        keys: Box<Derived>,
        tag_c: [u8; TAG],
    },
    #[default]
    Nothing,
}

impl Client {
    /// Begins a login as `identity` (1 to 64 bytes) to `service` (1 to 32 bytes), with a fresh nonce.
    ///
    /// # Errors
    ///
    /// [`Error::Name`], or [`Error::Io`] if the system has no random bytes to give.
    pub fn new(service: &str, identity: &str, key: &Key) -> Result<Client, Error> {
        let mut nonce = [0; NONCE];
        fill_random(&mut nonce)?;
        Client::with_nonce(service, identity, key, nonce)
    }

    pub(super) fn with_nonce(service: &str, identity: &str, key: &Key, nonce: [u8; NONCE]) -> Result<Client, Error> {
        check_name(service, SERVICE_MAXIMUM)?;
        check_name(identity, IDENTITY_MAXIMUM)?;
        Ok(Client {
            frames: Decoder::new(LOGIN_MAXIMUM),
            service: service.into(),
            identity: identity.into(),
            key: key.clone(),
            nonce,
            awaits: Awaits::Challenge,
        })
    }

    /// Takes bytes from the server, in any number and cut anywhere.
    ///
    /// # Errors
    ///
    /// [`Error::Busy`], [`Error::NotThisLogin`], [`Error::OtherService`], [`Error::Refused`] and [`Error::ServerUnproven`]:
    /// close, and send nothing more. [`Error::Over`] on every call after the login was done or failed.
    pub fn feed(&mut self, mut bytes: &[u8]) -> Result<Step, Error> {
        let mut step = Step::default();
        loop {
            // Taken out, and put back only if all is well: after an error the login is over.
            let awaited = match std::mem::take(&mut self.awaits) {
                Awaits::Nothing => return Err(Error::Over),
                awaited => awaited,
            };
            let Some(message) = next_message(&mut self.frames, &mut bytes)? else {
                self.awaits = awaited;
                return Ok(step);
            };
            if message == REFUSAL[framing::HEADER..] {
                let in_place_of_m1 = matches!(awaited, Awaits::Challenge);
                return Err(if in_place_of_m1 { Error::Busy } else { Error::Refused });
            }
            match awaited {
                Awaits::Proof { keys, tag_c } => {
                    step.session = Some(self.check_proof(&keys, &tag_c, &message, bytes)?);
                    return Ok(step);
                }
                _ => step.send = self.answer(&message)?,
            }
        }
    }

    /// The frame of M2, if M1 names the right service.
    fn answer(&mut self, m1: &[u8]) -> Result<Vec<u8>, Error> {
        let service = name_in(m1, M1, SERVICE_MAXIMUM, 0)?;
        if service != self.service.as_bytes() {
            return Err(Error::OtherService { got: String::from_utf8_lossy(service).into_owned() });
        }
        let mut m2 = opening(M2, &self.identity, IDENTITY_MAXIMUM, &self.nonce)?;
        let keys = Derived::new(&self.key, m1, &m2);
        let tag_c = tag(&keys.derive(CLIENT_FINISHED)?, &[&keys.transcript]);
        m2.extend_from_slice(&tag_c);
        self.awaits = Awaits::Proof { keys: Box::new(keys), tag_c };
        framed(&m2)
    }

    fn check_proof(&self, keys: &Derived, tag_c: &[u8], m3: &[u8], behind: &[u8]) -> Result<Session, Error> {
        let tag_s = m3.strip_prefix(M3).filter(|tag| tag.len() == TAG);
        let tag_s = tag_s.ok_or(Error::NotThisLogin("a wrong third message"))?;
        if !verify(&keys.derive(SERVER_FINISHED)?, &[&keys.transcript, tag_c], tag_s) {
            return Err(Error::ServerUnproven);
        }
        keys.session(self.identity.clone(), CLIENT_TO_SERVER, SERVER_TO_CLIENT, behind)
    }
}

const CLIENT_FINISHED: &[u8] = b"client finished";
const SERVER_FINISHED: &[u8] = b"server finished";
const CLIENT_TO_SERVER: &[u8] = b"client to server";
const SERVER_TO_CLIENT: &[u8] = b"server to client";

/// From which the four keys of one connection are derived. The libraries' `Debug` shows no key.
#[derive(Debug)]
pub(super) struct Derived {
    /// The pseudorandom key of HKDF-Extract (RFC 5869, section 2.2).
    prk: Hkdf<Sha256>,
    pub(super) transcript: [u8; 32],
}

impl Derived {
    pub(super) fn new(key: &Key, m1: &[u8], m2_untagged: &[u8]) -> Derived {
        let mut hash = Sha256::new();
        for message in [m1, m2_untagged] {
            hash.update((message.len() as u32).to_be_bytes()); // at most 256
            hash.update(message);
        }
        Derived { prk: Hkdf::new(Some(b"SBF1 HKDF-SHA256"), key.bytes()), transcript: hash.finalize().into() }
    }

    /// HKDF-Expand with the label, a zero byte and the transcript (RFC 5869, section 2.3).
    fn derive(&self, label: &[u8]) -> Result<HmacSha256, Error> {
        let mut key = Zeroizing::new([0; 32]);
        let expanded = self.prk.expand_multi_info(&[label, &[0], &self.transcript], &mut *key);
        expanded.map_err(|error| Error::Io(std::io::Error::other(error)))?;
        keyed(&*key)
    }

    /// What is left of the bytes in which the login ended belongs to the records.
    fn session(&self, identity: String, send: &[u8], receive: &[u8], behind: &[u8]) -> Result<Session, Error> {
        let mut receive = RecordDecoder::new(self.derive(receive)?);
        receive.feed(behind);
        Ok(Session { identity, key_number: 0, send: RecordEncoder::new(self.derive(send)?), receive })
    }
}

/// M1, or M2 as far as its tag.
fn opening(kind: &[u8; 5], name: &str, longest: usize, nonce: &[u8; NONCE]) -> Result<Vec<u8>, Error> {
    let length = check_name(name, longest)?;
    Ok([kind, &[length][..], name.as_bytes(), nonce].concat())
}

/// The name in M1 or M2, which have this shape to the last byte: kind, n, name of n bytes, nonce, tag of `tag` bytes.
fn name_in<'m>(message: &'m [u8], kind: &[u8; 5], longest: usize, tag: usize) -> Result<&'m [u8], Error> {
    let body = message.strip_prefix(kind).ok_or(Error::NotThisLogin("other first bytes"))?;
    let (length, body) = body.split_first().ok_or(Error::NotThisLogin("no name"))?;
    let length = usize::from(*length);
    if length == 0 || length > longest || body.len() != length + NONCE + tag {
        return Err(Error::NotThisLogin("a wrong length"));
    }
    Ok(&body[..length])
}

fn identity_in(m2: &[u8]) -> Result<&[u8], Error> {
    name_in(m2, M2, IDENTITY_MAXIMUM, TAG)
}

fn check_name(name: &str, longest: usize) -> Result<u8, Error> {
    match u8::try_from(name.len()) {
        Ok(length) if (1..=longest).contains(&name.len()) => Ok(length),
        _ => Err(Error::Name { length: name.len(), longest }),
    }
}

/// Takes one message from the front of `bytes`, and not one byte from behind it.
fn next_message(frames: &mut Decoder, bytes: &mut &[u8]) -> Result<Option<Vec<u8>>, Error> {
    loop {
        let message = frames.frame().map_err(|_| Error::NotThisLogin("a message that is too long"))?;
        if let Some(message) = message {
            return Ok(Some(message.to_vec()));
        }
        if bytes.is_empty() {
            return Ok(None);
        }
        let (taken, behind) = bytes.split_at(bytes.len().min(frames.needs()));
        frames.feed(taken);
        *bytes = behind;
    }
}

fn framed(message: &[u8]) -> Result<Vec<u8>, Error> {
    framing::encode(message, LOGIN_MAXIMUM).map_err(|error| Error::Io(error.into()))
}
