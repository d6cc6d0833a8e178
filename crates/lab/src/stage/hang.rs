//! Deciding that an actor hangs: from looks at it and at the conversation, and from nothing else.

use std::time::{Duration, Instant};

use crate::record::Hang;
use crate::watch::Quiet;

/// Everybody sleeps and every queue is empty for so long: nobody will wake any more. Our own programs have no timeouts
/// unless the play says so ([`crate::Stage::patience`]).
pub(super) const QUIET: Duration = Duration::from_millis(20);
/// The same for a program of one's own, which may take its time, as the wires say 5 seconds, or wait with a timeout.
pub(super) const QUIET_YOURS: Duration = Duration::from_millis(5500);
/// Bytes lie in a queue and everybody sleeps: so much longer until nobody is believed to read them. An acknowledgement
/// alone may take 200 ms (TCP_QUICKACK, tcp(7)).
pub(super) const QUIET_QUEUED: Duration = Duration::from_secs(1);
/// The script of the relay waits for something that does not come: so much longer until it is believed not to.
pub(super) const QUIET_UNLAID: Duration = Duration::from_secs(2);
/// Threads that wake now and then hide no hang: nothing moves in the conversation for so much longer than everybody
/// would have to sleep.
const STILL: Duration = Duration::from_secs(2);
/// The same before a program of one's own has its first connection: its start is its own business, a build even.
const STILL_STARTING: Duration = Duration::from_secs(20);
/// More processor time than any of our own programs needs to end after a peer has gone.
pub(super) const SPIN: Duration = Duration::from_millis(100);
/// The same where the trap is not laid yet, or for another actor than the one that is waited for.
pub(super) const SPIN_UNLAID: Duration = Duration::from_secs(1);
/// Processor time that a program of one's own uses while nothing moves and nothing is to be done: more than that is
/// spinning.
pub(super) const SPIN_YOURS: Duration = Duration::from_millis(1500);
/// The same while its peers are there: it may be computing what it owes them.
const SPIN_AT_WORK: Duration = Duration::from_secs(8);
/// It spins if it is ready to run for at least so much of the time, in percent.
const BUSY: u128 = 60;

/// One look at an actor and at the conversation.
#[derive(Clone, Debug)]
pub(super) struct Look {
    /// Everybody sleeps; `None`: not so.
    pub(super) quiet: Option<Quiet>,
    /// Changes with every byte that moves, every event and every state of a connection.
    pub(super) conversation: u64,
    /// Processor time of the actor so far.
    pub(super) cpu: Duration,
    /// How long it was ready to run and got no processor.
    pub(super) starved: Duration,
    /// A peer of it has ended its stream, or there is no connection left.
    pub(super) peer_is_gone: bool,
    /// The script of the relay has been carried out.
    pub(super) laid: bool,
    /// The actor is a program of one's own.
    pub(super) yours: bool,
    /// It has not had a connection yet, or has none any more and nobody to serve: what it does then is its own business.
    pub(super) on_its_own: bool,
}

/// What was seen at earlier looks at one actor.
#[derive(Default)]
pub(super) struct Looks {
    quiet: Option<(Quiet, Instant)>,
    spin_from: Option<Duration>,
    still: Option<Still>,
    /// At the last look it was ready to run most of the time.
    busy: bool,
}

/// Since when nothing has moved, and what the actor had used by then.
struct Still {
    conversation: u64,
    since: Instant,
    cpu: Duration,
    starved: Duration,
}

impl Looks {
    /// Whether the actor hangs by what is seen now, at this moment. `quiet_for`: only when everybody has slept for longer
    /// does waiting count as hanging.
    pub(super) fn look(&mut self, now: Instant, quiet_for: Duration, look: &Look) -> Option<Hang> {
        self.asleep(now, quiet_for, look)
            .or_else(|| if look.yours { self.still(now, quiet_for, look) } else { self.spinning(look) })
    }

    /// Whether it has been ready to run for most of the time since something moved.
    pub(super) fn is_busy(&self) -> bool {
        self.busy
    }

    /// Everybody sleeps.
    fn asleep(&mut self, now: Instant, quiet_for: Duration, look: &Look) -> Option<Hang> {
        let Some(quiet) = &look.quiet else {
            self.quiet = None;
            return None;
        };
        let patience = if look.laid { quiet_for } else { quiet_for + QUIET_UNLAID };
        let patience = if quiet.queued { patience + QUIET_QUEUED } else { patience };
        match &self.quiet {
            Some((before, since)) if before == quiet => (now.duration_since(*since) >= patience)
                .then_some(if quiet.queued { Hang::Stuck } else { Hang::Waiting }),
            _ => {
                self.quiet = Some((quiet.clone(), now));
                None
            }
        }
    }

    /// One of our own: it uses processor time although its peer has gone.
    fn spinning(&mut self, look: &Look) -> Option<Hang> {
        let most = if look.laid { SPIN } else { SPIN_UNLAID };
        let start = *self.spin_from.get_or_insert(look.cpu);
        if !look.peer_is_gone {
            self.spin_from = Some(look.cpu);
            return None;
        }
        (look.cpu.saturating_sub(start) > most).then_some(Hang::Spinning)
    }

    /// A program of one's own: nothing moves, although somebody may wake now and then.
    fn still(&mut self, now: Instant, quiet_for: Duration, look: &Look) -> Option<Hang> {
        let still = match &self.still {
            Some(still) if still.conversation == look.conversation => still,
            _ => {
                let Look { conversation, cpu, starved, .. } = *look;
                self.still = Some(Still { conversation, since: now, cpu, starved });
                self.busy = false;
                return None;
            }
        };
        let so_long = now.duration_since(still.since);
        let cpu = look.cpu.saturating_sub(still.cpu);
        let ready = cpu + look.starved.saturating_sub(still.starved);
        let busy = ready.as_nanos() * 100 >= so_long.as_nanos() * BUSY;
        self.busy = busy;
        if look.on_its_own {
            return (!busy && so_long >= STILL_STARTING).then_some(Hang::Still);
        }
        let most = if look.peer_is_gone { SPIN_YOURS } else { SPIN_AT_WORK };
        let patience = if look.laid { quiet_for + STILL } else { quiet_for + STILL + QUIET_UNLAID };
        match busy {
            true if cpu > most => Some(Hang::Spinning),
            false if so_long >= patience => Some(Hang::Still),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    /// A program of one's own in the middle of a conversation.
    fn yours() -> Look {
        Look {
            quiet: None,
            conversation: 1,
            cpu: Duration::ZERO,
            starved: Duration::ZERO,
            peer_is_gone: false,
            laid: true,
            yours: true,
            on_its_own: false,
        }
    }

    /// What comes of looks every 100 ms for so long, and when; `at` makes the look for a time since the first.
    fn watched(whole: Duration, at: impl Fn(Duration) -> Look) -> Option<(Hang, Duration)> {
        let (mut looks, begin) = (Looks::default(), Instant::now());
        (0..)
            .map(|n| SECOND / 10 * n)
            .take_while(|time| *time <= whole)
            .find_map(|time| looks.look(begin + time, QUIET_YOURS, &at(time)).map(|hang| (hang, time)))
    }

    #[test]
    fn a_thread_that_wakes_now_and_then_hides_no_hang() {
        let seen = watched(20 * SECOND, |time| Look { cpu: time / 50, ..yours() });
        assert_eq!(seen, Some((Hang::Still, QUIET_YOURS + STILL)));
    }

    #[test]
    fn while_something_moves_nobody_hangs() {
        let talks = |time: Duration| Look { conversation: time.as_secs() / 4, cpu: time / 50, ..yours() };
        assert_eq!(watched(60 * SECOND, talks), None);
    }

    #[test]
    fn who_is_busy_after_its_peer_has_gone_spins() {
        let (hang, after) =
            watched(20 * SECOND, |time| Look { cpu: time, peer_is_gone: true, ..yours() }).expect("spins");
        assert_eq!(hang, Hang::Spinning);
        assert!(after < 2 * SECOND, "{after:?}");
    }

    #[test]
    fn on_a_busy_machine_it_spins_too_only_later() {
        let starved = |time: Duration| Look { cpu: time / 8, starved: time / 8 * 7, peer_is_gone: true, ..yours() };
        let (hang, after) = watched(60 * SECOND, starved).expect("spins");
        assert_eq!(hang, Hang::Spinning);
        assert!(after > 10 * SECOND, "{after:?}");
    }

    #[test]
    fn computing_an_answer_for_some_seconds_is_no_spinning() {
        let works = |time: Duration| Look { cpu: time, conversation: time.as_secs() / 7, ..yours() };
        assert_eq!(watched(30 * SECOND, works), None);
    }

    #[test]
    fn the_start_of_a_program_is_its_own_business() {
        let starts = |time: Duration| Look { cpu: time, peer_is_gone: true, on_its_own: true, ..yours() };
        assert_eq!(watched(60 * SECOND, starts), None);
    }

    #[test]
    fn one_that_starts_and_does_nothing_hangs_in_the_end() {
        let idles = |time: Duration| Look { cpu: time / 100, on_its_own: true, ..yours() };
        assert_eq!(watched(60 * SECOND, idles), Some((Hang::Still, STILL_STARTING)));
    }

    #[test]
    fn everybody_asleep_with_an_empty_queue_waits_and_with_bytes_in_it_is_stuck() {
        let quiet = |queued| Look { quiet: Some(Quiet::made_up(queued)), ..yours() };
        assert_eq!(watched(20 * SECOND, |_| quiet(false)), Some((Hang::Waiting, QUIET_YOURS)));
        assert_eq!(watched(20 * SECOND, |_| quiet(true)), Some((Hang::Stuck, QUIET_YOURS + QUIET_QUEUED)));
    }

    #[test]
    fn our_own_program_spins_once_it_used_more_than_an_ending_takes() {
        let own = |time: Duration| Look { cpu: time, peer_is_gone: true, yours: false, ..yours() };
        let (hang, after) = watched(20 * SECOND, own).expect("spins");
        assert_eq!(hang, Hang::Spinning);
        assert!(after <= SECOND / 5, "{after:?}");
    }
}
