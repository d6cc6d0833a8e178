//! Linux: interfaces from /sys/class/net, addresses from getifaddrs(3), neighbours from /proc/net/arp.

use std::fs;

use anyhow::Context;
use if_addrs::IfAddr;
use ipnet::{IpNet, Ipv4Net, Ipv6Net};

use super::{Interface, Neighbour};

/// Why these are missing.
pub(super) const IPV6_NEIGHBOURS: &str = "the kernel has no file of them; see: ip -6 neigh";

/// Every interface, in the kernel's order, also those without an address.
///
/// # Errors
///
/// The kernel does not list them, as in some sandboxes.
pub(super) fn interfaces() -> anyhow::Result<Vec<Interface>> {
    let addresses = if_addrs::get_if_addrs().context("the system does not list its addresses")?;
    let folder = fs::read_dir("/sys/class/net").context("cannot read the interfaces from /sys/class/net")?;
    let mut numbered: Vec<(u32, Interface)> = Vec::new();
    for entry in folder.flatten() {
        // The folder may hold files of a driver (`bonding_masters`) beside its interfaces.
        let Ok(index) = fs::read_to_string(entry.path().join("ifindex")) else { continue };
        let read = |file: &str| fs::read_to_string(entry.path().join(file)).map(|text| text.trim().to_string());
        let name = entry.file_name().to_string_lossy().into_owned();
        let own = addresses.iter().filter(|interface| interface.name == name);
        let interface = Interface {
            mac: read("address").ok().and_then(|text| octets(&text)),
            mtu: read("mtu").ok().and_then(|text| text.parse().ok()),
            state: read("operstate").unwrap_or_else(|_| "unknown".to_string()),
            addresses: own.filter_map(|interface| network(&interface.addr)).collect(),
            name,
        };
        numbered.push((index.trim().parse().unwrap_or(u32::MAX), interface));
    }
    numbered.sort_by_key(|(index, _)| *index);
    Ok(numbered.into_iter().map(|(_, interface)| interface).collect())
}

fn network(address: &IfAddr) -> Option<IpNet> {
    match address {
        IfAddr::V4(v4) => Ipv4Net::new(v4.ip, v4.prefixlen).ok().map(IpNet::V4),
        IfAddr::V6(v6) => Ipv6Net::new(v6.ip, v6.prefixlen).ok().map(IpNet::V6),
    }
}

/// Six octets with colons between; all zeros is what loopback has instead of an address.
fn octets(text: &str) -> Option<[u8; 6]> {
    let octets: Vec<u8> = text.split(':').map(|octet| u8::from_str_radix(octet, 16)).collect::<Result<_, _>>().ok()?;
    octets.try_into().ok().filter(|octets| *octets != [0; 6])
}

/// The table of ARP.
///
/// # Errors
///
/// A reason: the file cannot be read.
pub(super) fn neighbours() -> Result<Vec<Neighbour>, String> {
    let table =
        fs::read_to_string("/proc/net/arp").map_err(|error| format!("/proc/net/arp cannot be read: {error}"))?;
    Ok(table.lines().skip(1).filter_map(neighbour).collect())
}

/// One line: address, hardware type, flags, MAC address, mask, interface (proc(5)).
fn neighbour(line: &str) -> Option<Neighbour> {
    /// ATF_COM: the entry is complete (arp(7)).
    const COMPLETE: u32 = 0x2;
    let words: Vec<&str> = line.split_whitespace().collect();
    let [address, _, flags, mac, _, interface] = words[..] else { return None };
    let flags = u32::from_str_radix(flags.trim_start_matches("0x"), 16).ok()?;
    Some(Neighbour {
        address: address.to_string(),
        mac: (flags & COMPLETE != 0).then(|| mac.to_string()),
        interface: interface.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_the_arp_table_is_read() {
        let line = "192.0.2.1        0x1         0x2         02:fc:00:00:00:05     *        eth0";
        let read = neighbour(line).expect("a neighbour");
        assert_eq!((read.address.as_str(), read.interface.as_str()), ("192.0.2.1", "eth0"));
        assert_eq!(read.mac.as_deref(), Some("02:fc:00:00:00:05"));
        let asked = neighbour(&line.replace("0x2 ", "0x0 ")).expect("a neighbour");
        assert_eq!(asked.mac, None);
        assert_eq!(neighbour("IP address       HW type     Flags"), None);
        assert_eq!(neighbour(""), None);
    }

    #[test]
    fn a_mac_address_has_six_octets_and_is_not_all_zeros() {
        assert_eq!(octets("02:fc:00:00:00:05"), Some([2, 0xfc, 0, 0, 0, 5]));
        for text in ["00:00:00:00:00:00", "", "02:fc", "02:fc:00:00:00:05:06", "zz:fc:00:00:00:05"] {
            assert_eq!(octets(text), None, "{text}");
        }
    }
}
