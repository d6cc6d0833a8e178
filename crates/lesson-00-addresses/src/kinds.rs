//! What an address is for, and which RFC says so.
//!
//! The table follows the special-purpose address registries of IANA (RFC 6890), the multicast registries and RFC 4291.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

/// One entry: every address of `network` that no smaller entry has.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Kind {
    /// The addresses.
    pub(crate) network: IpNet,
    /// One or two words: `private`.
    pub(crate) name: &'static str,
    /// What that means, a clause.
    pub(crate) meaning: &'static str,
    /// Where it is laid down.
    pub(crate) source: &'static str,
}

/// The kind of an address: that of the smallest network in the table that holds it.
pub(crate) fn kind(address: IpAddr) -> &'static Kind {
    let holding = KINDS.iter().filter(|kind| kind.network.contains(&address));
    holding.max_by_key(|kind| kind.network.prefix_len()).unwrap_or(match address {
        IpAddr::V4(_) => &PUBLIC,
        IpAddr::V6(_) => &UNASSIGNED,
    })
}

impl Kind {
    /// Whether the addresses stand for groups and not for hosts.
    pub(crate) fn is_multicast(&self) -> bool {
        self.network.addr().is_multicast()
    }
}

const fn v4(bytes: [u8; 4], prefix: u8) -> IpNet {
    let [a, b, c, d] = bytes;
    IpNet::V4(Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), prefix))
}

/// The network whose first three groups are these; the others are 0.
const fn v6(groups: [u16; 3], prefix: u8) -> IpNet {
    let [a, b, c] = groups;
    IpNet::V6(Ipv6Net::new_assert(Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0), prefix))
}

const fn v6_last(groups: [u16; 3], prefix: u8) -> IpNet {
    let [a, b, c] = groups;
    IpNet::V6(Ipv6Net::new_assert(Ipv6Addr::new(0, 0, 0, 0, 0, a, b, c), prefix))
}

const fn entry(network: IpNet, name: &'static str, meaning: &'static str, source: &'static str) -> Kind {
    Kind { network, name, meaning, source }
}

const PRIVATE: &str = "for use inside; routers of the Internet do not carry it";
const EXAMPLES: &str = "for examples; no host has it";
const NO_HOST: &str = "for protocols of the IETF, not for hosts";

static PUBLIC: Kind = entry(v4([0; 4], 0), "public", "unique in the Internet", "RFC 1122 section 3.2.1.3");
static UNASSIGNED: Kind = entry(v6([0; 3], 0), "not assigned", "kept by the IETF for later", "RFC 4291 section 2.4");

static KINDS: &[Kind] = &[
    entry(v4([0; 4], 8), "this network", "only a source, before a host knows its address", "RFC 1122 section 3.2.1.3"),
    entry(v4([0; 4], 32), "unspecified", "bound to, it means every address of this host", "RFC 1122 section 3.2.1.3"),
    entry(v4([10, 0, 0, 0], 8), "private", PRIVATE, "RFC 1918 section 3"),
    entry(v4([172, 16, 0, 0], 12), "private", PRIVATE, "RFC 1918 section 3"),
    entry(v4([192, 168, 0, 0], 16), "private", PRIVATE, "RFC 1918 section 3"),
    entry(v4([100, 64, 0, 0], 10), "shared", "between a provider's NAT and its customers", "RFC 6598 section 7"),
    entry(v4([127, 0, 0, 0], 8), "loopback", "never leaves this host", "RFC 1122 section 3.2.1.3"),
    entry(v4([169, 254, 0, 0], 16), "link-local", "valid on one link; routers do not forward it", "RFC 3927"),
    entry(v4([192, 0, 0, 0], 24), "protocol", NO_HOST, "RFC 6890 section 2.2.2"),
    entry(v4([192, 0, 2, 0], 24), "documentation", EXAMPLES, "RFC 5737 section 3"),
    entry(v4([198, 51, 100, 0], 24), "documentation", EXAMPLES, "RFC 5737 section 3"),
    entry(v4([203, 0, 113, 0], 24), "documentation", EXAMPLES, "RFC 5737 section 3"),
    entry(v4([192, 88, 99, 0], 24), "6to4 relay", "given up", "RFC 7526"),
    entry(v4([198, 18, 0, 0], 15), "benchmark", "for tests of network devices", "RFC 2544 appendix C.2.2"),
    entry(v4([224, 0, 0, 0], 4), "multicast", "a group of receivers, not a host", "RFC 5771"),
    entry(v4([224, 0, 0, 0], 24), "multicast", "a group on one link; routers do not forward it", "RFC 5771 section 4"),
    entry(v4([232, 0, 0, 0], 8), "multicast", "a group with one source", "RFC 4607"),
    entry(v4([239, 0, 0, 0], 8), "multicast", "a group inside one organisation", "RFC 2365"),
    entry(v4([240, 0, 0, 0], 4), "reserved", "never assigned", "RFC 1112 section 4"),
    entry(v4([255; 4], 32), "broadcast", "every host of this link", "RFC 919 section 7"),
    entry(v6([0; 3], 128), "unspecified", "bound to, it means every address of this host", "RFC 4291 section 2.5.2"),
    entry(v6_last([0, 0, 1], 128), "loopback", "never leaves this host", "RFC 4291 section 2.5.3"),
    entry(v6_last([0; 3], 96), "IPv4-compatible", "an IPv4 address in IPv6 form, given up", "RFC 4291 section 2.5.5.1"),
    entry(v6_last([0xffff, 0, 0], 96), "IPv4-mapped", "an IPv4 address in IPv6 form", "RFC 4291 section 2.5.5.2"),
    entry(v6([0x64, 0xff9b, 0], 96), "NAT64", "an IPv4 host, reached through a translator", "RFC 6052 section 2.1"),
    entry(v6([0x64, 0xff9b, 1], 48), "NAT64", "an IPv4 host, reached through a local translator", "RFC 8215"),
    entry(v6([0x100, 0, 0], 64), "discard", "what is sent there is thrown away", "RFC 6666"),
    entry(v6([0x2000, 0, 0], 3), "public", "unique in the Internet (global unicast)", "RFC 4291 section 2.5.4"),
    entry(v6([0x2001, 0, 0], 23), "protocol", NO_HOST, "RFC 2928"),
    entry(v6([0x2001, 0, 0], 32), "Teredo", "IPv6 through IPv4 and UDP", "RFC 4380"),
    entry(v6([0x2001, 2, 0], 48), "benchmark", "for tests of network devices", "RFC 5180 section 8"),
    entry(v6([0x2001, 0x20, 0], 28), "ORCHIDv2", "the hash of a key, not a place", "RFC 7343"),
    entry(v6([0x2001, 0xdb8, 0], 32), "documentation", EXAMPLES, "RFC 3849"),
    entry(v6([0x2002, 0, 0], 16), "6to4", "IPv6 through IPv4", "RFC 3056"),
    entry(v6([0x3fff, 0, 0], 20), "documentation", EXAMPLES, "RFC 9637"),
    entry(v6([0x5f00, 0, 0], 16), "segment routing", "names a step of a path, not a host", "RFC 9602"),
    entry(v6([0xfc00, 0, 0], 7), "unique-local", PRIVATE, "RFC 4193"),
    entry(
        v6([0xfe80, 0, 0], 10),
        "link-local",
        "valid on one link; routers do not forward it",
        "RFC 4291 section 2.5.6",
    ),
    entry(v6([0xfec0, 0, 0], 10), "site-local", "private addresses of the past", "RFC 3879"),
    entry(v6([0xff00, 0, 0], 8), "multicast", "a group of receivers, not a host", "RFC 4291 section 2.7"),
    entry(v6([0xff01, 0, 0], 16), "multicast", "a group on one interface", "RFC 4291 section 2.7"),
    entry(
        v6([0xff02, 0, 0], 16),
        "multicast",
        "a group on one link; routers do not forward it",
        "RFC 4291 section 2.7",
    ),
    entry(v6([0xff05, 0, 0], 16), "multicast", "a group on one site", "RFC 4291 section 2.7"),
    entry(v6([0xff0e, 0, 0], 16), "multicast", "a group anywhere in the Internet", "RFC 4291 section 2.7"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kind_is_that_of_the_rfc_up_to_both_ends_of_each_network() {
        for (address, name) in [
            ("0.0.0.0", "unspecified"),
            ("0.0.0.1", "this network"),
            ("1.0.0.0", "public"),
            ("9.255.255.255", "public"),
            ("10.0.0.0", "private"),
            ("10.255.255.255", "private"),
            ("11.0.0.0", "public"),
            ("100.63.255.255", "public"),
            ("100.64.0.0", "shared"),
            ("100.127.255.255", "shared"),
            ("100.128.0.0", "public"),
            ("127.0.0.1", "loopback"),
            ("127.255.255.255", "loopback"),
            ("169.254.169.254", "link-local"),
            ("172.15.255.255", "public"),
            ("172.16.0.0", "private"),
            ("172.31.255.255", "private"),
            ("172.32.0.0", "public"),
            ("192.0.2.1", "documentation"),
            ("192.167.255.255", "public"),
            ("192.168.0.1", "private"),
            ("192.169.1.1", "public"),
            ("198.19.255.255", "benchmark"),
            ("198.51.100.7", "documentation"),
            ("203.0.113.255", "documentation"),
            ("223.255.255.255", "public"),
            ("224.0.0.251", "multicast"),
            ("239.255.255.255", "multicast"),
            ("240.0.0.0", "reserved"),
            ("255.255.255.254", "reserved"),
            ("255.255.255.255", "broadcast"),
            ("::", "unspecified"),
            ("::1", "loopback"),
            ("::2", "IPv4-compatible"),
            ("::ffff:127.0.0.1", "IPv4-mapped"),
            ("::fffe:127.0.0.1", "not assigned"),
            ("64:ff9b::192.0.2.1", "NAT64"),
            ("1fff::1", "not assigned"),
            ("2000::", "public"),
            ("2001:db8::1", "documentation"),
            ("2001:db9::1", "public"),
            ("3fff:fff::", "documentation"),
            ("3fff:1000::", "public"),
            ("4000::", "not assigned"),
            ("fbff::1", "not assigned"),
            ("fc00::1", "unique-local"),
            ("fdff::1", "unique-local"),
            ("fe00::1", "not assigned"),
            ("fe80::1", "link-local"),
            ("febf:ffff::1", "link-local"),
            ("fec0::1", "site-local"),
            ("ff02::1", "multicast"),
            ("ff08::1", "multicast"),
        ] {
            assert_eq!(kind(address.parse().expect("an address")).name, name, "{address}");
        }
    }

    #[test]
    fn the_smallest_network_decides() {
        let meaning = |text: &str| kind(text.parse().expect("an address")).meaning;
        assert!(meaning("224.0.0.1").contains("one link"));
        assert!(meaning("225.0.0.1").contains("a group of receivers"));
        assert!(meaning("ff0e::1").contains("anywhere"));
    }

    #[test]
    fn no_entry_has_bits_behind_its_prefix_and_none_comes_twice() {
        for (place, kind) in KINDS.iter().enumerate() {
            assert_eq!(kind.network, kind.network.trunc());
            assert!(KINDS[..place].iter().all(|other| other.network != kind.network), "{}", kind.network);
        }
    }

    #[test]
    fn std_says_the_same_where_it_says_something() {
        for kind in KINDS {
            match kind.network.addr() {
                IpAddr::V4(address) => {
                    assert_eq!(kind.name == "private", address.is_private(), "{address}");
                    assert_eq!(kind.name == "loopback", address.is_loopback(), "{address}");
                    assert_eq!(kind.name == "link-local", address.is_link_local(), "{address}");
                    assert_eq!(kind.name == "multicast", address.is_multicast(), "{address}");
                    assert_eq!(kind.name == "documentation", address.is_documentation(), "{address}");
                }
                IpAddr::V6(address) => {
                    assert_eq!(kind.name == "loopback", address.is_loopback(), "{address}");
                    assert_eq!(kind.name == "link-local", address.is_unicast_link_local(), "{address}");
                    assert_eq!(kind.name == "unique-local", address.is_unique_local(), "{address}");
                    assert_eq!(kind.name == "multicast", address.is_multicast(), "{address}");
                }
            }
        }
    }
}
