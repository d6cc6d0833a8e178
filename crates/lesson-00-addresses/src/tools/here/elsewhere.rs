//! macOS, Windows and the rest: everything from the library, the neighbours not at all.

use ipnet::IpNet;

use super::{Interface, Neighbour};

/// Why these are missing.
pub(super) const IPV6_NEIGHBOURS: &str =
    if cfg!(windows) { "see: netsh interface ipv6 show neighbors" } else { "see: ndp -a" };

/// Every interface, in the system's order.
///
/// # Errors
///
/// None at present; an empty list where the system says nothing.
pub(super) fn interfaces() -> anyhow::Result<Vec<Interface>> {
    let interface = |found: netdev::Interface| Interface {
        mac: found.mac_addr.map(|mac| mac.octets()).filter(|octets| *octets != [0; 6]),
        mtu: found.mtu,
        state: found.oper_state.as_str().to_string(),
        addresses: found.ipv4.into_iter().map(IpNet::V4).chain(found.ipv6.into_iter().map(IpNet::V6)).collect(),
        name: found.friendly_name.unwrap_or(found.name),
    };
    Ok(netdev::get_interfaces().into_iter().map(interface).collect())
}

/// None: the table is behind a routing socket (macOS) or GetIpNetTable2 (Windows), which need `unsafe` code.
///
/// # Errors
///
/// Always, with the command that shows the table.
pub(super) fn neighbours() -> Result<Vec<Neighbour>, String> {
    Err("this system has no file of them; see: arp -a".to_string())
}
