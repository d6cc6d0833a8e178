//! The figures of one server over all rounds.

use std::collections::BTreeMap;
use std::time::Duration;

use hdrhistogram::Histogram;

use super::round::Round;
use super::target::Target;

/// The longest time that is told apart, an hour in nanoseconds: no round may take longer.
const LONGEST: u64 = 3_600_000_000_000;
/// Significant digits of a time.
const DIGITS: u8 = 3;

pub(super) struct Tally {
    pub(super) target: Target,
    /// Right answers.
    pub(super) requests: u64,
    /// Right answers a second, round by round.
    pub(super) rates: Vec<f64>,
    /// Of every right answer, and of every greeting.
    pub(super) latency: Times,
    pub(super) greeting: Times,
    /// Why clients ended early, and how many of them.
    pub(super) errors: BTreeMap<String, u64>,
    /// Processor time of all rounds together; `None` where it is not known.
    pub(super) server: Option<Duration>,
    pub(super) clients: Option<Duration>,
}

impl Tally {
    pub(super) fn new(target: Target) -> Tally {
        Tally {
            target,
            requests: 0,
            rates: Vec::new(),
            latency: Times::new(),
            greeting: Times::new(),
            errors: BTreeMap::new(),
            server: Some(Duration::ZERO),
            clients: Some(Duration::ZERO),
        }
    }

    pub(super) fn add(&mut self, round: Round) {
        let mut answers = 0;
        for session in round.sessions {
            answers += session.latencies.len() as u64;
            session.latencies.into_iter().for_each(|latency| self.latency.add(latency));
            session.greeting.into_iter().for_each(|greeting| self.greeting.add(greeting));
            if let Some(error) = session.error {
                *self.errors.entry(error).or_default() += 1;
            }
        }
        self.requests += answers;
        self.rates.push(answers as f64 / round.elapsed.as_secs_f64());
        let sum = |sum: Option<Duration>, more: Option<Duration>| sum.zip(more).map(|(sum, more)| sum + more);
        self.server = sum(self.server, round.processors.server);
        self.clients = sum(self.clients, round.processors.clients);
    }

    /// Clients that did not get all their answers.
    pub(super) fn errors(&self) -> u64 {
        self.errors.values().sum()
    }

    /// Right answers a second in the median round.
    pub(super) fn rate(&self) -> f64 {
        median(&self.rates)
    }

    /// The rate as a multiple of another one, in the median round: what slows the whole machine slows both in a round.
    pub(super) fn ratio(&self, base: &Tally) -> f64 {
        median(&self.rates.iter().zip(&base.rates).map(|(rate, base)| rate / base).collect::<Vec<_>>())
    }

    /// What one right answer cost the server.
    pub(super) fn server_time(&self) -> Option<Duration> {
        let answers = u32::try_from(self.requests).ok().filter(|answers| *answers > 0)?;
        Some(self.server? / answers)
    }
}

/// Of an even number, the mean of the two in the middle; of none, 0.
pub(super) fn median(values: &[f64]) -> f64 {
    let mut values = values.to_vec();
    values.sort_by(f64::total_cmp);
    match values.len() {
        0 => 0.0,
        length => (values[(length - 1) / 2] + values[length / 2]) / 2.0,
    }
}

/// Any number of times in the same room.
pub(super) struct Times(Histogram<u64>);

impl Times {
    fn new() -> Times {
        // The bounds are constants, and right.
        Times(Histogram::new_with_bounds(1, LONGEST, DIGITS).expect("bounds that HdrHistogram takes"))
    }

    fn add(&mut self, time: Duration) {
        self.0.saturating_record(u64::try_from(time.as_nanos()).unwrap_or(LONGEST));
    }

    /// The time within which this share of all came, from 0 to 1; `None` when there were none.
    pub(super) fn within(&self, share: f64) -> Option<Duration> {
        if self.0.is_empty() { None } else { Some(Duration::from_nanos(self.0.value_at_quantile(share))) }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::time::Instant;

    use super::super::client::Session;
    use super::super::round::Processors;
    use super::*;

    fn session(latencies: Vec<Duration>, error: Option<&str>) -> Session {
        let greeting = Some(Duration::from_millis(2));
        Session { greeting, latencies, error: error.map(String::from), end: Instant::now() }
    }

    fn round(sessions: Vec<Session>, seconds: u64) -> Round {
        let used = Processors { clients: Some(Duration::from_millis(300)), server: Some(Duration::from_millis(100)) };
        Round { sessions, elapsed: Duration::from_secs(seconds), processors: used }
    }

    /// 1 to 1000 microseconds, each once, in one second.
    pub(in crate::load) fn a_thousand(form: &'static str) -> Tally {
        let mut tally = Tally::new(Target::Form(form));
        let latencies = (1..=1000).rev().map(Duration::from_micros).collect();
        tally.add(round(vec![session(latencies, None)], 1));
        tally
    }

    /// Two rounds of two clients, one of which met an error each time.
    pub(in crate::load) fn with_errors(form: &'static str) -> Tally {
        let mut tally = Tally::new(Target::Form(form));
        for seconds in [1, 4] {
            let good = session(vec![Duration::from_micros(20); 3], None);
            let bad = session(vec![Duration::from_micros(20)], Some("the deadline passed before an answer"));
            tally.add(round(vec![good, bad], seconds));
        }
        tally
    }

    #[test]
    fn percentiles_are_those_of_all_answers() {
        let tally = a_thousand("threads");
        for (share, microseconds) in [(0.5, 500), (0.9, 900), (0.99, 990), (0.999, 999), (1.0, 1000)] {
            let found = tally.latency.within(share).expect("it was measured");
            let wanted = Duration::from_micros(microseconds);
            // Three significant digits.
            assert!(found.abs_diff(wanted) <= wanted / 1000, "{share}: {found:?} instead of {wanted:?}");
        }
        assert_eq!((tally.requests, tally.errors(), tally.rate()), (1000, 0, 1000.0));
        assert_eq!(tally.server_time(), Some(Duration::from_micros(100)));
    }

    #[test]
    fn rounds_and_errors_add_up() {
        let tally = with_errors("pool");
        assert_eq!((tally.requests, tally.errors()), (8, 2));
        assert_eq!(tally.errors, BTreeMap::from([("the deadline passed before an answer".to_string(), 2)]));
        assert_eq!((tally.rates.as_slice(), tally.rate()), ([4.0, 1.0].as_slice(), 2.5));
        assert_eq!(tally.ratio(&tally), 1.0);
        assert_eq!((tally.server, tally.clients), (Some(Duration::from_millis(200)), Some(Duration::from_millis(600))));
    }

    #[test]
    fn nothing_measured_is_nothing() {
        let mut tally = Tally::new(Target::Form("serial"));
        tally.add(Round { sessions: Vec::new(), elapsed: Duration::from_secs(1), processors: Processors::default() });
        assert_eq!((tally.latency.within(0.5), tally.rate(), tally.server_time()), (None, 0.0, None));
    }

    #[test]
    fn the_median_is_in_the_middle() {
        assert_eq!(median(&[3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(&[4.0, 1.0, 2.0, 3.0]), 2.5);
        assert_eq!(median(&[]), 0.0);
    }
}
