//! `here`: the interfaces and neighbours of this machine.

use std::process::ExitCode;

use ipnet::IpNet;
use lab::Utility;
use lab::clap::ArgMatches;

use crate::kinds::kind;

#[cfg(not(target_os = "linux"))]
mod elsewhere;
#[cfg(target_os = "linux")]
mod linux;

#[cfg(not(target_os = "linux"))]
use elsewhere as system;
#[cfg(target_os = "linux")]
use linux as system;

pub(crate) const TOOL: Utility = Utility {
    name: "here",
    about: "The interfaces of this machine: MAC address, MTU, addresses, neighbours",
    options: |command| command,
    run,
};

/// One interface.
struct Interface {
    /// As the system calls it.
    name: String,
    /// The six octets of its link-layer address; `None` where it has none, as loopback.
    mac: Option<[u8; 6]>,
    /// The largest packet, bytes.
    mtu: Option<u32>,
    /// In the words of the system: `up`, `down`, `unknown`.
    state: String,
    /// Its addresses, each with the prefix of the network around it.
    addresses: Vec<IpNet>,
}

/// Somebody on the same link whose MAC address this machine knows, or asks for.
#[derive(Debug, PartialEq, Eq)]
struct Neighbour {
    address: String,
    /// `None` while nobody has answered.
    mac: Option<String>,
    interface: String,
}

fn run(_: &ArgMatches) -> anyhow::Result<ExitCode> {
    let mut text: String = system::interfaces()?.iter().map(describe).collect();
    text += "\nNeighbours, IPv4 (ARP, RFC 826):\n";
    text += &match system::neighbours() {
        Ok(neighbours) if neighbours.is_empty() => "  nobody is known at the moment\n".to_string(),
        Ok(neighbours) => neighbours.iter().map(line).collect(),
        Err(reason) => format!("  not shown: {reason}\n"),
    };
    text += &format!("Neighbours, IPv6 (RFC 4861):\n  not shown: {}\n", system::IPV6_NEIGHBOURS);
    super::print(&text)
}

fn describe(interface: &Interface) -> String {
    let mtu = interface.mtu.map_or("unknown".to_string(), |mtu| format!("{mtu} bytes"));
    let mut text =
        format!("{}  {}\n  MTU      {mtu}\n  MAC      {}\n", interface.name, interface.state, mac(interface.mac));
    if interface.addresses.is_empty() {
        text += "  address  none\n";
    }
    for network in &interface.addresses {
        text += &format!("  address  {:<30} {}\n", network.to_string(), kind(network.addr()).name);
    }
    text
}

fn mac(octets: Option<[u8; 6]>) -> String {
    /// "Universal or local" of IEEE 802, the second lowest bit of the first octet.
    const LOCAL: u8 = 0x02;
    let Some(octets) = octets else { return "none".to_string() };
    let text = octets.map(|octet| format!("{octet:02x}")).join(":");
    let by = if octets[0] & LOCAL == 0 { "assigned by the maker" } else { "locally administered: no maker gave it" };
    format!("{text} ({by})")
}

fn line(neighbour: &Neighbour) -> String {
    let mac = neighbour.mac.as_deref().unwrap_or("no answer");
    format!("  {:<15}  {mac:<17}  {}\n", neighbour.address, neighbour.interface)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_lowest_bit_tells_whose_address_it_is() {
        assert_eq!(mac(Some([0x00, 0x1b, 0x63, 0, 0, 1])), "00:1b:63:00:00:01 (assigned by the maker)");
        assert_eq!(mac(Some([2, 0xfc, 0, 0, 0, 5])), "02:fc:00:00:00:05 (locally administered: no maker gave it)");
        assert_eq!(mac(None), "none");
    }

    #[test]
    fn an_interface_is_told_with_all_its_addresses() {
        let mut interface = Interface {
            name: "eth0".to_string(),
            mac: None,
            mtu: Some(1500),
            state: "up".to_string(),
            addresses: ["192.0.2.2/24", "fe80::1/64"].map(|text| text.parse().expect("a network")).to_vec(),
        };
        assert_eq!(
            describe(&interface),
            "eth0  up\n  MTU      1500 bytes\n  MAC      none\n\
             \x20 address  192.0.2.2/24                   documentation\n\
             \x20 address  fe80::1/64                     link-local\n"
        );
        interface.addresses.clear();
        assert!(describe(&interface).ends_with("  address  none\n"));
    }
}
