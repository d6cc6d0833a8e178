//! `ports`: the ranges of port numbers, and what this system does with them.

use std::ops::RangeInclusive;
use std::process::ExitCode;

use anyhow::bail;
use lab::Utility;
use lab::clap::{Arg, ArgMatches};

pub(crate) const TOOL: Utility = Utility {
    name: "ports",
    about: "The ranges of port numbers, and what this system does with them",
    options: |command| {
        command
            .arg(Arg::new("port").value_name("PORT").num_args(0..).help("Ports to be found in the ranges: 0 to 65535"))
    },
    run,
};

/// One range of RFC 6335 section 6.
struct Range {
    ports: RangeInclusive<u16>,
    name: &'static str,
    use_: &'static str,
}

static RANGES: [Range; 3] = [
    Range {
        ports: 0..=1023,
        name: "system",
        use_: "assigned by IANA after a review: 22 SSH, 53 DNS, 80 HTTP, 443 HTTPS",
    },
    Range {
        ports: 1024..=49151,
        name: "user",
        use_: "assigned by IANA after a lighter review: 5432 PostgreSQL, 6379 Redis",
    },
    Range { ports: 49152..=65535, name: "dynamic", use_: "never assigned: for whoever needs a port for a while" },
];

/// What this system really does, which no RFC can tell it.
#[derive(Clone, Copy)]
struct System {
    /// The ports that clients get which ask for none; `None` where they are not read.
    clients: Option<(u16, u16)>,
    /// The first port that needs no right; `None` where it is not read.
    free_from: Option<u32>,
}

fn run(matches: &ArgMatches) -> anyhow::Result<ExitCode> {
    let texts = matches.get_many::<String>("port").into_iter().flatten();
    let ports = texts.map(|text| port(text)).collect::<anyhow::Result<Vec<u16>>>()?;
    let system = System::read();
    if ports.is_empty() {
        return super::print(&(ranges() + "\n" + &system.describe()));
    }
    super::print(&ports.into_iter().map(|port| place(port, system)).collect::<Vec<_>>().join("\n"))
}

fn port(text: &str) -> anyhow::Result<u16> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match text.parse() {
        Ok(port) if digits => Ok(port),
        _ => bail!("{} is no port: a port is a number of 16 bits, 0 to 65535", text.escape_debug()),
    }
}

fn ranges() -> String {
    let mut text = "By RFC 6335 section 6:\n".to_string();
    for range in &RANGES {
        text +=
            &format!("  {:>5} to {:<5}  {:<8} {}\n", range.ports.start(), range.ports.end(), range.name, range.use_);
    }
    text
}

impl System {
    /// Linux says both; ip(7).
    #[cfg(target_os = "linux")]
    fn read() -> System {
        let file = |name: &str| std::fs::read_to_string(format!("/proc/sys/net/ipv4/{name}")).ok();
        System {
            clients: file("ip_local_port_range").and_then(|text| pair(&text)),
            free_from: file("ip_unprivileged_port_start").and_then(|text| text.trim().parse().ok()),
        }
    }

    #[cfg(not(target_os = "linux"))]
    fn read() -> System {
        System { clients: None, free_from: None }
    }

    fn describe(self) -> String {
        let mut text = "On this system:\n".to_string();
        match self.clients {
            Some((low, high)) => {
                text +=
                    &format!("  {low:>5} to {high:<5}  given to clients that ask for no port (ip_local_port_range)\n");
            }
            None => text += &format!("  given to clients that ask for no port: {}\n", elsewhere()),
        }
        match self.free_from {
            Some(0) => text += "  every port may be bound by every program (ip_unprivileged_port_start is 0)\n",
            Some(first) => {
                text += &format!("  {first:>5} to 65535  free for every program (ip_unprivileged_port_start)\n");
                text +=
                    &format!("      0 to {:<5}  need CAP_NET_BIND_SERVICE, which root has\n", first.saturating_sub(1));
            }
            None => text += &format!("  ports that need a right: {}\n", rights_elsewhere()),
        }
        text + "      0           bound to, it asks the system to choose a port\n"
    }
}

/// The two numbers of a file such as `ip_local_port_range`.
#[cfg_attr(not(any(target_os = "linux", test)), expect(dead_code, reason = "only Linux has such a file"))]
fn pair(text: &str) -> Option<(u16, u16)> {
    let mut numbers = text.split_whitespace().map(str::parse);
    match (numbers.next(), numbers.next(), numbers.next()) {
        (Some(Ok(low)), Some(Ok(high)), None) => Some((low, high)),
        _ => None,
    }
}

fn elsewhere() -> &'static str {
    if cfg!(windows) {
        "49152 to 65535 by default; not read here: see netsh int ipv4 show dynamicport tcp"
    } else if cfg!(target_os = "linux") {
        "/proc/sys/net/ipv4/ip_local_port_range cannot be read here; 32768 to 60999 by default"
    } else {
        "49152 to 65535 by default; not read here: see sysctl net.inet.ip.portrange"
    }
}

fn rights_elsewhere() -> &'static str {
    if cfg!(windows) {
        "none by their number; not read here: see netsh int ipv4 show excludedportrange tcp"
    } else if cfg!(target_os = "linux") {
        "/proc/sys/net/ipv4/ip_unprivileged_port_start cannot be read here; those below 1024 by default"
    } else {
        "those below 1024 by tradition; not read here"
    }
}

/// One port: its range, and what it means here.
fn place(port: u16, system: System) -> String {
    let range = RANGES.iter().find(|range| range.ports.contains(&port));
    let (name, low, high) = range.map_or(("no", 0, 0), |range| (range.name, *range.ports.start(), *range.ports.end()));
    let mut text = format!("{port}: {name} port, {low} to {high} (RFC 6335 section 6)\n");
    if port == 0 {
        text += "  no server can be reached at it: bound to, it asks the system to choose a port\n";
        return text;
    }
    if let Some(first) = system.free_from {
        text += if u32::from(port) < first {
            "  a server needs the right CAP_NET_BIND_SERVICE here\n"
        } else {
            "  free for every program here\n"
        };
    }
    if let Some((low, high)) = system.clients {
        text += &if (low..=high).contains(&port) {
            format!("  between {low} and {high}: a client that asks for no port may have it when a server wants it\n")
        } else {
            format!("  not between {low} and {high}: no client gets it by chance\n")
        };
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINUX: System = System { clients: Some((32768, 60999)), free_from: Some(1024) };

    #[test]
    fn every_port_is_in_exactly_one_range() {
        for port in 0..=u16::MAX {
            assert_eq!(RANGES.iter().filter(|range| range.ports.contains(&port)).count(), 1, "{port}");
        }
    }

    #[test]
    fn the_borders_are_those_of_the_rfc_and_of_the_system() {
        for (port, range, right, chance) in [
            (1, "system", "CAP_NET_BIND_SERVICE", "not between"),
            (1023, "system", "CAP_NET_BIND_SERVICE", "not between"),
            (1024, "user", "free", "not between"),
            (32767, "user", "free", "not between"),
            (32768, "user", "free", "  between"),
            (49151, "user", "free", "  between"),
            (49152, "dynamic", "free", "  between"),
            (60999, "dynamic", "free", "  between"),
            (61000, "dynamic", "free", "not between"),
            (65535, "dynamic", "free", "not between"),
        ] {
            let text = place(port, LINUX);
            assert!(text.starts_with(&format!("{port}: {range} port")), "{text}");
            assert!(text.contains(right) && text.contains(chance), "{text}");
        }
        assert!(place(0, LINUX).contains("choose"));
    }

    #[test]
    fn what_is_not_read_is_not_claimed() {
        let unknown = System { clients: None, free_from: None };
        assert_eq!(place(80, unknown).lines().count(), 1);
        assert!(unknown.describe().contains("read here"));
    }

    #[test]
    fn the_file_has_two_numbers() {
        assert_eq!(pair("32768\t60999\n"), Some((32768, 60999)));
        for text in ["", "1", "1 2 3", "a b", "1 65536"] {
            assert_eq!(pair(text), None, "{text}");
        }
    }
}
