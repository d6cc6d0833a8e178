//! Which datagrams are better not answered.
//!
//! A server that answers everything can be made to talk for ever: somebody sends it one datagram whose sender address is
//! that of another such server. Each answers the other's answer, and neither ends it (CVE-2024-2169; RFC 862, the echo
//! service, has the same property). Four rules, and what each gives:
//!
//! - What begins with a time stamp is not answered: it is, or looks like, an answer of this very protocol. A loop of two
//!   time servers ends after one answer, and so does a loop with anything that sends our answers back as they are. The
//!   price: a line that begins with a stamp cannot be sent by an honest client, which says so.
//! - What comes from the server's own port is not answered: servers have that port, clients have one from the kernel.
//!   This holds even against a time server that stamps in another way.
//! - What comes from a port below 1024 is not answered: services live there (RFC 6335, section 6) and answer whatever they
//!   are sent (echo 7, daytime 13, chargen 19), clients do not live there. Port 0 means that there is nowhere to answer to.
//! - Each sender has so many answers a second. A loop through a service on a high port that answers in another form
//!   is known by none of the rules above; this one keeps it slow and does not end it. Nothing in an answer could: UDP
//!   does not say whether a datagram is a question.
//!
//! What none of them gives: the sender address of a datagram proves nothing. An answer may go to somebody who never
//! asked. It is at most 27 bytes larger than what the forger had to send, so little is gained that way; a protocol with
//! larger answers has to make sure of the address first, as DTLS does with its cookie (RFC 9147, section 5.1).

use std::collections::HashMap;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use super::stamp::is_stamped;

/// Services have ports below this one.
const FIRST_USER_PORT: u16 = 1024;
/// Senders that are remembered, at most. All others share one account: the memory that strangers can fill has an end.
const SENDERS: usize = 1024;

/// Why this datagram is not answered; `None` when it may be.
pub(super) fn refusal(sender: SocketAddr, own_port: u16, datagram: &[u8]) -> Option<&'static str> {
    if sender.port() == own_port {
        Some("it comes from a port like this server's, as an answer would")
    } else if sender.port() < FIRST_USER_PORT {
        Some("it comes from the port of a service")
    } else if is_stamped(datagram) {
        Some("it begins with a time stamp, as an answer does")
    } else {
        None
    }
}

/// How many datagrams of one sender are looked at.
pub(super) struct Rate {
    /// In a second, and at most at once after a pause.
    per_second: u32,
    accounts: HashMap<SocketAddr, Account>,
    others: Account,
}

#[derive(Clone, Copy)]
struct Account {
    /// Datagrams that may come now.
    left: f64,
    at: Instant,
    /// That there are too many was said since there last was room.
    told: bool,
}

/// What becomes of a datagram.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Admission {
    /// It is looked at.
    Granted,
    /// There were too many, and this is the first of those.
    Exceeded,
    /// There were too many, and that was said.
    StillExceeded,
}

impl Rate {
    pub(super) fn new(per_second: u32, now: Instant) -> Rate {
        Rate { per_second, accounts: HashMap::new(), others: Account::full(per_second, now) }
    }

    pub(super) fn per_second(&self) -> usize {
        self.per_second as usize
    }

    pub(super) fn admit(&mut self, sender: SocketAddr, now: Instant) -> Admission {
        let per_second = self.per_second;
        if self.accounts.len() >= SENDERS && !self.accounts.contains_key(&sender) {
            // Who has not used the account for a second finds a full one again, remembered or not.
            self.accounts.retain(|_, account| now.saturating_duration_since(account.at) < Duration::from_secs(1));
        }
        let full = self.accounts.len() >= SENDERS;
        match self.accounts.get_mut(&sender) {
            Some(account) => account.take(per_second, now),
            None if full => self.others.take(per_second, now),
            None => self.accounts.entry(sender).or_insert(Account::full(per_second, now)).take(per_second, now),
        }
    }
}

impl Account {
    fn full(per_second: u32, now: Instant) -> Account {
        Account { left: per_second.into(), at: now, told: false }
    }

    fn take(&mut self, per_second: u32, now: Instant) -> Admission {
        let earned = now.saturating_duration_since(self.at).as_secs_f64() * f64::from(per_second);
        self.left = (self.left + earned).min(per_second.into());
        self.at = now;
        if self.left >= 1.0 {
            self.left -= 1.0;
            self.told = false;
            Admission::Granted
        } else if self.told {
            Admission::StillExceeded
        } else {
            self.told = true;
            Admission::Exceeded
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sender(port: u16) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], port))
    }

    #[test]
    fn what_could_begin_a_loop_is_refused() {
        assert_eq!(refusal(sender(40_000), 23_456, b"hello"), None);
        assert_eq!(refusal(sender(1024), 23_456, b""), None);
        for port in [0, 7, 13, 19, 1023] {
            assert!(refusal(sender(port), 23_456, b"hello").is_some_and(|why| why.contains("service")), "{port}");
        }
        assert!(refusal(sender(23_456), 23_456, b"hello").is_some_and(|why| why.contains("port like")));
        let answer = b"[Thu Nov 20 23:47:00 2025] hello";
        assert!(refusal(sender(40_000), 23_456, answer).is_some_and(|why| why.contains("time stamp")));
    }

    #[test]
    fn a_sender_has_so_many_a_second_and_the_others_lose_nothing() {
        let begin = Instant::now();
        let mut rate = Rate::new(2, begin);
        let got: Vec<Admission> = (0..4).map(|_| rate.admit(sender(1), begin)).collect();
        assert_eq!(got, [Admission::Granted, Admission::Granted, Admission::Exceeded, Admission::StillExceeded]);
        assert_eq!(rate.admit(sender(2), begin), Admission::Granted);
        let later = begin + Duration::from_millis(600);
        assert_eq!(rate.admit(sender(1), later), Admission::Granted);
        assert_eq!(rate.admit(sender(1), later), Admission::Exceeded, "said again after there was room");
        let much_later = begin + Duration::from_secs(3600);
        let granted = (0..9).filter(|_| rate.admit(sender(1), much_later) == Admission::Granted).count();
        assert_eq!(granted, 2, "what is not used is not saved up");
    }

    #[test]
    fn the_memory_for_senders_has_an_end() {
        let begin = Instant::now();
        let mut rate = Rate::new(1, begin);
        for port in 1..=1024 {
            assert_eq!(rate.admit(sender(port), begin), Admission::Granted);
        }
        assert_eq!(rate.admit(sender(2000), begin), Admission::Granted);
        assert_eq!(rate.admit(sender(2001), begin), Admission::Exceeded, "all others share one account");
        assert_eq!(rate.accounts.len(), SENDERS);
        let later = begin + Duration::from_secs(2);
        assert_eq!(rate.admit(sender(2001), later), Admission::Granted);
        assert_eq!(rate.accounts.len(), 1, "who was not heard of for a second is forgotten");
    }
}
