//! The figures as text and as JSON.

use std::time::Duration;

use serde_json::{Value, json};

use super::round::Load;
use super::tally::{Tally, Times};

/// The shares that are shown of all latencies, and their names.
pub(super) const PERCENTILES: [(&str, f64); 5] =
    [("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("p99.9", 0.999), ("max", 1.0)];
/// The same of the greetings, of which there are few.
pub(super) const GREETINGS: [(&str, f64); 2] = [("p50", 0.5), ("max", 1.0)];

const NOTES: &str = "
latency    from a request to the last byte of its answer
greeting   from the connect to the last byte of the greeting: the wait for a place
requests/s right answers, from the first connect to the end of the last client
Closed loop: a client asks again only when it has its answer, so a slow server is asked less often.
";

/// A column for every server.
pub(super) fn text(load: &Load, tallies: &[Tally]) -> String {
    let mut rows = vec![
        row("", tallies, |tally| tally.target.to_string()),
        row("clients", tallies, |_| load.clients.to_string()),
        row("requests", tallies, |tally| tally.requests.to_string()),
        row("errors", tallies, |tally| tally.errors().to_string()),
        row("requests/s", tallies, |tally| format!("{:.0}", tally.rate())),
    ];
    if tallies.iter().any(|tally| tally.rates.len() > 1) {
        let extreme = |tally: &Tally, pick: fn(f64, f64) -> f64| {
            tally.rates.iter().copied().reduce(pick).map_or("-".to_string(), |rate| format!("{rate:.0}"))
        };
        rows.push(row("  slowest round", tallies, |tally| extreme(tally, f64::min)));
        rows.push(row("  fastest round", tallies, |tally| extreme(tally, f64::max)));
    }
    if let Some(base) = base(tallies) {
        rows.push(row(&format!("  {} = 1", base.target), tallies, |tally| ratio(tally.ratio(base))));
    }
    for (name, share) in PERCENTILES {
        rows.push(row(&format!("latency {name}"), tallies, |tally| within(&tally.latency, share)));
    }
    for (name, share) in GREETINGS {
        rows.push(row(&format!("greeting {name}"), tallies, |tally| within(&tally.greeting, share)));
    }
    if tallies.iter().any(|tally| tally.server.is_some()) {
        let cost = |tally: &Tally| tally.server_time().map_or("-".to_string(), duration);
        rows.push(row("server CPU/request", tallies, cost));
    }
    columns(&rows) + &errors(tallies) + NOTES + &who_was_busy(tallies)
}

fn row(name: &str, tallies: &[Tally], cell: impl Fn(&Tally) -> String) -> Vec<String> {
    std::iter::once(name.to_string()).chain(tallies.iter().map(cell)).collect()
}

/// The first column to the left, the others to the right, two blanks between them.
fn columns(rows: &[Vec<String>]) -> String {
    let count = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max();
    let widths: Vec<usize> = (0..count).map(|column| width(column).unwrap_or(0)).collect();
    let mut text = String::new();
    for row in rows {
        for (place, (cell, width)) in row.iter().zip(&widths).enumerate() {
            text += &if place == 0 { format!("{cell:width$}") } else { format!("  {cell:>width$}") };
        }
        text.push('\n');
    }
    text
}

/// With whom the others are compared, where there are others: a thread for each client, or whoever is first.
fn base(tallies: &[Tally]) -> Option<&Tally> {
    let threads = tallies.iter().find(|tally| tally.target.to_string() == "threads");
    threads.or(tallies.first()).filter(|_| tallies.len() > 1)
}

fn ratio(ratio: f64) -> String {
    if ratio.is_finite() { format!("{ratio:.2}") } else { "-".to_string() }
}

fn errors(tallies: &[Tally]) -> String {
    let mut text = String::new();
    for tally in tallies {
        for (error, clients) in &tally.errors {
            let clients = if *clients == 1 { "1 client".to_string() } else { format!("{clients} clients") };
            text += &format!("\n{}, {clients}: {error}", tally.target);
        }
    }
    if text.is_empty() { text } else { text + "\n" }
}

/// A load that takes most of the machine measures itself.
fn who_was_busy(tallies: &[Tally]) -> String {
    let sum = |time: fn(&Tally) -> Option<Duration>| tallies.iter().map(time).sum::<Option<Duration>>();
    let (Some(clients), Some(server)) = (sum(|tally| tally.clients), sum(|tally| tally.server)) else {
        return String::new();
    };
    let share = 100.0 * clients.as_secs_f64() / (clients + server).as_secs_f64();
    if !share.is_finite() {
        return String::new();
    }
    let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let many = if processors == 1 { "1 processor".to_string() } else { format!("{processors} processors") };
    format!("Clients and server share {many}; of the time used there the clients took {share:.0} %.\n")
}

fn within(times: &Times, share: f64) -> String {
    times.within(share).map_or("-".to_string(), duration)
}

/// Three significant digits and a unit.
fn duration(time: Duration) -> String {
    let mut value = time.as_nanos() as f64;
    let mut unit = "ns";
    for next in ["µs", "ms", "s"] {
        // From here on it would be rounded to 1000.
        if value < 999.5 {
            break;
        }
        value /= 1000.0;
        unit = next;
    }
    let decimals = if unit == "ns" || value >= 99.95 { 0 } else { usize::from(value < 9.995) + 1 };
    format!("{value:.decimals$} {unit}")
}

/// The same figures for a program; times in nanoseconds.
pub(super) fn json(load: &Load, tallies: &[Tally]) -> anyhow::Result<String> {
    let times = |times: &Times, shares: &[(&str, f64)]| -> Value {
        shares.iter().map(|(name, share)| (name.to_string(), nanoseconds(times.within(*share)))).collect()
    };
    let server = |tally: &Tally| {
        json!({
            "server": tally.target.to_string(),
            "clients": load.clients,
            "requests": tally.requests,
            "errors": tally.errors(),
            "reasons": tally.errors,
            "requests_per_second": tally.rate(),
            "rounds": tally.rates,
            "latency_ns": times(&tally.latency, &PERCENTILES),
            "greeting_ns": times(&tally.greeting, &GREETINGS),
            "server_cpu_ns_per_request": nanoseconds(tally.server_time()),
        })
    };
    Ok(serde_json::to_string_pretty(&tallies.iter().map(server).collect::<Vec<_>>())? + "\n")
}

fn nanoseconds(time: Option<Duration>) -> Value {
    json!(time.and_then(|time| u64::try_from(time.as_nanos()).ok()))
}

#[cfg(test)]
mod tests {
    use super::super::tally::tests::{a_thousand, with_errors};
    use super::*;

    fn load(clients: u64, requests: u64) -> Load {
        Load { clients, requests, deadline: Duration::from_secs(30), lines: false }
    }

    #[test]
    fn one_server_is_one_column() {
        let wanted = "                    threads
clients                   1
requests               1000
errors                    0
requests/s             1000
latency p50          500 µs
latency p90          900 µs
latency p99          990 µs
latency p99.9        999 µs
latency max         1.00 ms
greeting p50        2.00 ms
greeting max        2.00 ms
server CPU/request   100 µs
";
        let text = text(&load(1, 1000), &[a_thousand("threads")]);
        assert!(text.starts_with(wanted), "{text}");
        assert!(text.ends_with("of the time used there the clients took 75 %.\n"), "{text}");
    }

    #[test]
    fn several_are_compared_and_errors_are_named() {
        let text = text(&load(2, 6), &[with_errors("serial"), a_thousand("threads")]);
        let row = |name: &str| text.lines().find(|line| line.starts_with(name)).map(str::to_string).unwrap_or_default();
        let cells = |name: &str| row(name).split_whitespace().rev().take(2).map(str::to_string).collect::<Vec<_>>();
        assert_eq!(cells("errors"), ["0", "2"]);
        assert_eq!(cells("  slowest round"), ["1000", "1"]);
        assert_eq!(cells("  fastest round"), ["1000", "4"]);
        assert_eq!(cells("  threads = 1"), ["1.00", "0.00"]);
        assert_eq!(row("serial,"), "serial, 2 clients: the deadline passed before an answer");
    }

    #[test]
    fn times_have_three_digits_and_a_unit() {
        let times = [1, 999, 1_000, 9_996, 12_345, 99_960, 123_456, 999_999, 1_000_000, 4_560_000_000];
        let texts = times.map(|nanoseconds| duration(Duration::from_nanos(nanoseconds)));
        assert_eq!(
            texts,
            ["1 ns", "999 ns", "1.00 µs", "10.0 µs", "12.3 µs", "100 µs", "123 µs", "1.00 ms", "1.00 ms", "4.56 s"]
        );
    }

    #[test]
    fn json_has_the_same_figures() {
        let text = json(&load(2, 6), &[with_errors("pool")]).expect("JSON");
        let read: Value = serde_json::from_str(&text).expect("JSON");
        let pool = &read[0];
        assert_eq!((&pool["server"], &pool["requests"], &pool["errors"]), (&json!("pool"), &json!(8), &json!(2)));
        assert_eq!(pool["reasons"], json!({"the deadline passed before an answer": 2}));
        assert_eq!(pool["rounds"], json!([4.0, 1.0]));
        let median = pool["latency_ns"]["p50"].as_u64().expect("a time");
        assert!((20_000..20_020).contains(&median), "{median}");
    }
}
