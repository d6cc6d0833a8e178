//! `inspect`: what an address and its mask say.

use std::fmt::Write;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::process::ExitCode;

use anyhow::bail;
use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use lab::Utility;
use lab::clap::{Arg, ArgMatches};

use crate::kinds::{self, Kind};

pub(crate) const TOOL: Utility = Utility {
    name: "inspect",
    about: "What an address and its mask say, bit by bit",
    options: |command| {
        command.arg(Arg::new("address").value_name("ADDR[/PREFIX]").num_args(0..).help(
            "IPv4 or IPv6 addresses with the length of the network's prefix: 10.200.3.4/12 or 2001:db8::1/32. \
             Without one, the network is the address alone",
        ))
    },
    run,
};

fn run(matches: &ArgMatches) -> anyhow::Result<ExitCode> {
    let texts: Vec<&String> = matches.get_many("address").into_iter().flatten().collect();
    if texts.is_empty() {
        return Ok(super::usage("give at least one address, such as: inspect 10.200.3.4/12"));
    }
    // All are read before one is shown: a mistake in the last costs nothing.
    let networks = texts.into_iter().map(|text| network(text)).collect::<anyhow::Result<Vec<IpNet>>>()?;
    let blocks: Vec<String> = networks.into_iter().map(block).collect();
    super::print(&blocks.join("\n"))
}

/// Reads `ADDR` or `ADDR/PREFIX`.
///
/// # Errors
///
/// It is something else; the message says what to write instead.
pub(crate) fn network(text: &str) -> anyhow::Result<IpNet> {
    let (host, prefix) = text.split_once('/').map_or((text, None), |(host, prefix)| (host, Some(prefix)));
    let address = address(host)?;
    let bits = if address.is_ipv4() { 32 } else { 128 };
    let Some(prefix) = prefix else { return Ok(address.into()) };
    if let Ok(mask) = prefix.parse::<IpAddr>() {
        match ipnet::ip_mask_to_prefix(mask) {
            Ok(length) if mask.is_ipv4() == address.is_ipv4() => {
                bail!("{text}: write the mask as the number of its one bits: {host}/{length}")
            }
            _ => bail!("{text}: {mask} is no mask: its one bits must stand together at the left; write /0 to /{bits}"),
        }
    }
    // `parse` would take a sign, too.
    let digits = !prefix.is_empty() && prefix.bytes().all(|byte| byte.is_ascii_digit());
    match prefix.parse::<u8>() {
        Ok(length) if digits && length <= bits => Ok(IpNet::new(address, length)?),
        _ => {
            bail!("{}: the prefix must be a number from 0 to {bits}, such as {host}/{}", text.escape_debug(), bits / 2)
        }
    }
}

fn address(host: &str) -> anyhow::Result<IpAddr> {
    if let Ok(address) = host.parse() {
        return Ok(address);
    }
    let shown = host.escape_debug();
    let Some(first) = host.chars().next() else { bail!("there is no address before the /; write 10.200.3.4/12") };
    let numbers: Vec<&str> = host.split('.').collect();
    let digits = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if let Some((bare, zone)) = host.split_once('%')
        && bare.parse::<Ipv6Addr>().is_ok()
    {
        bail!("{shown}: leave out %{}, which names an interface of this machine: {bare}", zone.escape_debug());
    }
    if first == '[' || host.rsplit_once(':').is_some_and(|(bare, _)| bare.parse::<Ipv4Addr>().is_ok()) {
        bail!("{shown}: give the address alone, without port and brackets; `ports` is about ports");
    }
    if numbers.iter().all(digits) {
        if numbers.iter().any(|part| part.len() > 1 && part.starts_with('0')) {
            bail!("{shown}: leave out leading zeros; some programs read 010 as 8 (inet_aton(3))");
        }
        bail!("{shown}: an IPv4 address is four numbers from 0 to 255, such as 10.200.3.4");
    }
    if host.contains(':') {
        bail!(
            "{shown}: an IPv6 address is eight groups of up to four hexadecimal digits, with one :: for zeros: fe80::1"
        );
    }
    if host.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_')) {
        bail!("{shown} is a name, not an address; see its addresses with: resolve {shown}");
    }
    bail!("{shown} is no address; write 10.200.3.4/12 or 2001:db8::1/32")
}

/// Everything about one address and its network.
fn block(network: IpNet) -> String {
    let mut text = format!("{network}\n\n");
    let kind = kinds::kind(network.addr());
    let groups = kind.is_multicast() && kind.network.contains(&network.trunc());
    text += &match network {
        IpNet::V4(network) => bits_v4(network, !groups && network.prefix_len() < 31),
        IpNet::V6(network) => bits_v6(network),
    };
    text.push('\n');
    for (name, value) in facts(network, kind, groups) {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "  {name:<11}{value}");
    }
    text
}

fn facts(network: IpNet, kind: &Kind, groups: bool) -> Vec<(&'static str, String)> {
    let (first, last) = (network.network(), network.broadcast());
    let mut facts = vec![("network", format!("{first}/{}", network.prefix_len()))];
    if let IpNet::V4(v4) = network {
        facts.push(("mask", v4.netmask().to_string()));
    }
    if groups {
        facts.push(("groups", format!("{}, {} in all: groups, not hosts", range(first, last), size(network, 0))));
    } else {
        facts.push(("broadcast", broadcast(network)));
        facts.push(("hosts", hosts(network)));
    }
    facts.push(("kind", format!("{}: {} ({})", kind.name, kind.meaning, kind.source)));
    let unspecific = kind.network.prefix_len() == 0;
    if !unspecific && !kind.network.contains(&network.trunc()) {
        facts.push(("", format!("only {} is of this kind; the network is larger", kind.network)));
    } else if !unspecific && network.prefix_len() > kind.network.prefix_len() {
        facts.push(("part of", kind.network.to_string()));
    }
    if let IpAddr::V6(address) = network.addr()
        && let Some(inner) = address.to_ipv4_mapped()
    {
        let inside = kinds::kind(inner.into());
        facts.push(("IPv4", format!("{inner}, {}: {} ({})", inside.name, inside.meaning, inside.source)));
    }
    facts
}

fn broadcast(network: IpNet) -> String {
    match network {
        IpNet::V6(_) => "none: IPv6 has multicast instead (RFC 4291 section 2)".to_string(),
        IpNet::V4(network) if network.prefix_len() == 32 => "none: the network is this one address".to_string(),
        IpNet::V4(network) if network.prefix_len() == 31 => {
            "none: a link between two hosts needs none (RFC 3021)".to_string()
        }
        IpNet::V4(network) => network.broadcast().to_string(),
    }
}

fn hosts(network: IpNet) -> String {
    let (first, last) = (network.network(), network.broadcast());
    match network {
        IpNet::V4(v4) if v4.prefix_len() < 31 => {
            let inner = |address: u32| IpAddr::from(Ipv4Addr::from_bits(address));
            let (low, high) = (v4.network().to_bits() + 1, v4.broadcast().to_bits() - 1);
            format!("{}, {} in all", range(inner(low), inner(high)), size(network, 2))
        }
        IpNet::V4(v4) if v4.prefix_len() == 31 => format!("{}, both", range(first, last)),
        IpNet::V6(v6) if v6.prefix_len() == 127 => {
            format!("{}, both: a link between two routers (RFC 6164)", range(first, last))
        }
        _ if first == last => format!("{first} alone"),
        _ => {
            let bits = network.max_prefix_len() - network.prefix_len();
            format!("{}, 2^{bits} = {} in all", range(first, last), size(network, 0))
        }
    }
}

fn range(first: IpAddr, last: IpAddr) -> String {
    format!("{first} to {last}")
}

/// How many addresses there are, without so many: 2^128 is one more than a `u128` can hold.
fn size(network: IpNet, without: u128) -> String {
    let bits = u32::from(network.max_prefix_len() - network.prefix_len());
    match 1_u128.checked_shl(bits) {
        Some(all) => (all - without).to_string(),
        None => "340282366920938463463374607431768211456".to_string(),
    }
}

/// The three rows of the AND and, where there is one, the broadcast address; `|` stands at the end of the prefix.
fn bits_v4(network: Ipv4Net, broadcast: bool) -> String {
    let mut rows = vec![("address", network.addr()), ("AND mask", network.netmask()), ("= network", network.network())];
    if broadcast {
        rows.push(("broadcast", network.broadcast()));
    }
    let row = |(name, address): (&str, Ipv4Addr)| {
        let bits = marked(&address.octets().map(|octet| format!("{octet:08b}")).join("."), network.prefix_len());
        format!("  {name:<11}{:<17}{bits}\n", address.to_string())
    };
    rows.into_iter().map(row).collect()
}

/// Puts `|` behind so many bits, instead of a dot where there is one.
fn marked(bits: &str, prefix: u8) -> String {
    let mut seen = 0;
    let mut text = String::new();
    let mut stands = prefix == 0;
    if stands {
        text.push('|');
    }
    for c in bits.chars() {
        let at_the_end = !stands && seen == prefix;
        if at_the_end {
            text.push('|');
            stands = true;
        }
        if c == '.' {
            if !at_the_end {
                text.push('.');
            }
        } else {
            text.push(c);
            seen += 1;
        }
    }
    if !stands {
        text.push('|');
    }
    text
}

/// One row for each group of 16 bits, since 128 do not fit on a line; `|` stands at the end of the prefix.
fn bits_v6(network: Ipv6Net) -> String {
    const WIDTH: usize = 19;
    let prefix = usize::from(network.prefix_len());
    let columns = [network.addr(), network.netmask(), network.network()].map(|address| address.segments());
    let title = format!("  group  {:WIDTH$}{:WIDTH$}= network", "address", "AND mask");
    let mut text = title + "\n";
    for group in 0..8 {
        // Bits of this group that belong to the prefix. The mark at the border of two groups stands in the first.
        let end = prefix.checked_sub(16 * group).filter(|bits| *bits <= 16 && (*bits > 0 || group == 0));
        let cell = |value: u16| {
            let bits = format!("{value:016b}");
            end.map_or(bits.clone(), |end| format!("{}|{}", &bits[..end], &bits[end..]))
        };
        let cells = columns.map(|column| cell(column[group]));
        let row =
            format!("  {:<7}{:WIDTH$}{:WIDTH$}{}", format!("{:04x}", columns[0][group]), cells[0], cells[1], cells[2]);
        text += row.trim_end();
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts_of(text: &str) -> Vec<String> {
        block(network(text).expect("a network"))
            .lines()
            .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
            .collect()
    }

    #[test]
    fn the_facts_are_those_worked_out_by_hand() {
        for (text, facts) in [
            ("10.200.3.4/12", &["network 10.192.0.0/12", "mask 255.240.0.0", "broadcast 10.207.255.255"][..]),
            ("10.200.3.4/12", &["hosts 10.192.0.1 to 10.207.255.254, 1048574 in all", "part of 10.0.0.0/8"]),
            ("192.168.1.77/30", &["network 192.168.1.76/30", "hosts 192.168.1.77 to 192.168.1.78, 2 in all"]),
            ("192.168.1.77/31", &["network 192.168.1.76/31", "hosts 192.168.1.76 to 192.168.1.77, both"]),
            ("192.168.1.77/31", &["broadcast none: a link between two hosts needs none (RFC 3021)"]),
            ("192.168.1.77/32", &["network 192.168.1.77/32", "mask 255.255.255.255", "hosts 192.168.1.77 alone"]),
            ("192.168.1.77", &["network 192.168.1.77/32"]),
            (
                "8.8.8.8/0",
                &["network 0.0.0.0/0", "mask 0.0.0.0", "hosts 0.0.0.1 to 255.255.255.254, 4294967294 in all"],
            ),
            ("172.20.0.1/11", &["network 172.0.0.0/11", "only 172.16.0.0/12 is of this kind; the network is larger"]),
            ("224.0.0.251/24", &["groups 224.0.0.0 to 224.0.0.255, 256 in all: groups, not hosts"]),
            (
                "2001:db8::1/64",
                &["hosts 2001:db8:: to 2001:db8::ffff:ffff:ffff:ffff, 2^64 = 18446744073709551616 in all"],
            ),
            ("fe80::7/127", &["hosts fe80::6 to fe80::7, both: a link between two routers (RFC 6164)"]),
            (
                "::1",
                &[
                    "network ::1/128",
                    "hosts ::1 alone",
                    "broadcast none: IPv6 has multicast instead (RFC 4291 section 2)",
                ],
            ),
            ("::ffff:10.1.2.3/104", &["network ::ffff:10.0.0.0/104", "part of ::ffff:0.0.0.0/96"]),
            ("::ffff:8.8.8.8", &["IPv4 8.8.8.8, public: unique in the Internet (RFC 1122 section 3.2.1.3)"]),
        ] {
            let all = facts_of(text);
            for fact in facts {
                assert!(all.iter().any(|line| line == fact), "{text}: no \"{fact}\" in {all:#?}");
            }
        }
        let all = facts_of("::/0").join("\n");
        assert!(all.contains("2^128 = 340282366920938463463374607431768211456 in all"), "{all}");
    }

    #[test]
    fn the_mark_stands_behind_the_last_bit_of_the_prefix() {
        let bits = "11110000.11110000.11110000.11110000";
        for (prefix, text) in [
            (0, "|11110000.11110000.11110000.11110000"),
            (1, "1|1110000.11110000.11110000.11110000"),
            (8, "11110000|11110000.11110000.11110000"),
            (12, "11110000.1111|0000.11110000.11110000"),
            (31, "11110000.11110000.11110000.1111000|0"),
            (32, "11110000.11110000.11110000.11110000|"),
        ] {
            assert_eq!(marked(bits, prefix), text);
        }
    }

    #[test]
    fn each_group_of_an_ipv6_address_is_a_row_and_one_has_the_mark() {
        for (prefix, row, left) in
            [(0, 0, 0), (1, 0, 1), (16, 0, 16), (17, 1, 1), (64, 3, 16), (127, 7, 15), (128, 7, 16)]
        {
            let text = bits_v6(Ipv6Net::new_assert(Ipv6Addr::LOCALHOST, prefix));
            let rows: Vec<&str> = text.lines().skip(1).collect();
            assert_eq!(rows.len(), 8);
            for (place, cells) in rows.iter().enumerate() {
                let marks: Vec<_> = cells.split_whitespace().skip(1).filter_map(|cell| cell.find('|')).collect();
                assert_eq!(marks, if place == row { vec![left; 3] } else { vec![] }, "/{prefix}: {cells}");
            }
        }
    }

    #[test]
    fn what_cannot_be_read_is_told_with_what_to_write() {
        for (text, advice) in [
            ("localhost", "resolve localhost"),
            ("www.example.org/24", "resolve www.example.org"),
            ("10.0.0.1/33", "from 0 to 32"),
            ("10.0.0.1/", "from 0 to 32"),
            ("10.0.0.1/+8", "from 0 to 32"),
            ("10.0.0.1/-1", "from 0 to 32"),
            ("10.0.0.1/8/8", "from 0 to 32"),
            ("::1/129", "from 0 to 128"),
            ("10.0.0.1/255.255.0.0", "10.0.0.1/16"),
            ("10.0.0.1/255.0.255.0", "is no mask"),
            ("010.0.0.1", "leading zeros"),
            ("10.1", "four numbers"),
            ("10.0.0.256", "four numbers"),
            ("10.0.0.1:80", "without port"),
            ("[::1]", "without port"),
            ("fe80::1%eth0", "leave out %eth0"),
            ("1::2::3", "eight groups"),
            ("/24", "no address before"),
            ("", "no address"),
            ("*", "is no address"),
        ] {
            let error = network(text).expect_err(text).to_string();
            assert!(error.contains(advice) && !error.contains('\n'), "{text}: {error}");
        }
    }
}
