//! What the forms of several experiments have in common: callers that the lab plays itself, and rules.

use std::thread;
use std::time::{Duration, Instant};

use lab::kernel::Socket;
use lab::{Attacker, Rule, Seen, Stage, Way, wire};

/// A program of one's own gets so long for what it has to send next.
const PATIENCE: Duration = Duration::from_secs(6);

/// What servers that echo are told of their wire.
pub(crate) const ECHO: [&str; 3] = [
    "-> any bytes, up to 64 KiB before the client reads; several clients may be connected at the same time",
    "<- to each client its own bytes, all of them; to serve one client after the other is right",
    "the client ends its stream; then the server ends its own, and serves the next client",
];

/// A client that the lab plays itself; `None` where nobody is let in any more, which is on the record.
pub(crate) fn caller(stage: &mut Stage) -> Option<Attacker> {
    let caller = stage.attacker();
    patient(stage, caller)
}

/// As [`caller`], with room for a few thousand bytes that it has not read: most of an answer stays with the server's kernel.
pub(crate) fn slow_caller(stage: &mut Stage) -> Option<Attacker> {
    let caller = stage.attacker_with_little_room();
    patient(stage, caller)
}

fn patient(stage: &Stage, caller: anyhow::Result<Attacker>) -> Option<Attacker> {
    match caller {
        Ok(mut caller) => {
            // It has a longest time already, so another one cannot fail.
            let _ = caller.patience(PATIENCE);
            Some(caller)
        }
        Err(error) => {
            stage.step(lab::SERVER, format!("lets nobody in: {error}"));
            None
        }
    }
}

/// Ends the stream of a caller, and takes what still comes.
pub(crate) fn leave(mut caller: Attacker) {
    caller.half_close();
    caller.receive_all(1 << 20);
}

/// Waits until nothing has moved in the queues of the play's sockets for so long, at most five seconds in all.
pub(crate) fn at_rest(stage: &Stage, still: Duration) {
    let begin = Instant::now();
    let mut before: Option<(Option<Vec<Socket>>, Instant)> = None;
    while begin.elapsed() < Duration::from_secs(5) {
        let now = stage.sockets();
        match &before {
            Some((sockets, since)) if *sockets == now => {
                if since.elapsed() >= still {
                    return;
                }
            }
            _ => before = Some((now, Instant::now())),
        }
        pause(Duration::from_millis(10));
    }
}

/// Does nothing for so long: between two looks, or as a client that keeps a program of one's own waiting.
#[expect(clippy::disallowed_methods, reason = "a condition is looked at again, or the wait itself is the trap")]
pub(crate) fn pause(time: Duration) {
    thread::sleep(time);
}

/// A client gets exactly these bytes back on its connection.
pub(crate) fn served(connection: usize, whom: &str, bytes: impl Into<Vec<u8>>) -> Rule {
    let bytes = wire::bytes(connection, Way::ToClient, &format!("what {whom} gets back"), bytes);
    Rule::new("served", bytes.requires.clone(), move |record| bytes.look(record))
}

/// What was sent long, so that no usual buffer holds it: the letters of the alphabet, from this one on.
pub(crate) fn long(first: u8) -> Vec<u8> {
    (0..20_000_u32).map(|place| b'a' + ((u32::from(first - b'a') + place) % 26) as u8).collect()
}

/// Kept, or violated with this sentence.
pub(crate) fn kept_if(kept: bool, otherwise: impl FnOnce() -> String) -> Seen {
    if kept { Seen::Kept } else { Seen::Violated(otherwise()) }
}
