//! The list of networks that may come in.

use std::net::IpAddr;

use ipnet::{IpNet, Ipv4Net};

use crate::tools::inspect;

/// Networks of both families, in canonical form.
#[derive(Clone, Debug)]
pub(super) struct AllowList(Vec<IpNet>);

impl AllowList {
    pub(super) fn new(networks: impl IntoIterator<Item = IpNet>) -> AllowList {
        AllowList(networks.into_iter().map(canonical).collect())
    }

    /// Whether one of the networks holds this address. An IPv4-mapped address (RFC 4291 section 2.5.5.2) counts as the
    /// IPv4 address that it stands for.
    pub(super) fn admits(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(&address))
    }
}

/// ADDR/PREFIX, or an address for itself.
pub(super) fn network(text: &str) -> Result<IpNet, String> {
    inspect::network(text).map_err(|error| error.to_string())
}

/// A network of IPv4-mapped addresses as the IPv4 network that it stands for, others without the bits behind their prefix.
/// A network larger than `::ffff:0:0/96` stays what it is: no IPv4 client is in it.
fn canonical(network: IpNet) -> IpNet {
    /// Bits before the IPv4 address in a mapped one.
    const BEFORE: u8 = 96;
    if let IpNet::V6(v6) = network
        && let Some(inner) = v6.addr().to_ipv4_mapped()
        && let Some(prefix) = v6.prefix_len().checked_sub(BEFORE)
        && let Ok(v4) = Ipv4Net::new(inner, prefix)
    {
        return IpNet::V4(v4.trunc());
    }
    network.trunc()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admits(networks: &[&str], address: &str) -> bool {
        let list = AllowList::new(networks.iter().map(|text| network(text).expect("a network")));
        list.admits(address.parse().expect("an address"))
    }

    #[test]
    fn the_mask_decides_and_not_the_text() {
        let networks = ["172.16.0.0/12", "10.1.2.3"];
        for address in ["172.16.0.0", "172.20.1.1", "172.31.255.255", "10.1.2.3"] {
            assert!(admits(&networks, address), "{address}");
        }
        for address in ["172.15.255.255", "172.32.0.0", "172.160.1.1", "10.1.2.30", "10.1.2.4", "::1"] {
            assert!(!admits(&networks, address), "{address}");
        }
        assert!(admits(&["172.20.1.1/12"], "172.16.0.1"), "bits behind the prefix do not count");
    }

    #[test]
    fn a_mapped_address_is_the_address_that_it_stands_for() {
        assert!(admits(&["127.0.0.0/8"], "::ffff:127.0.0.1"));
        assert!(!admits(&["127.0.0.0/8"], "::ffff:10.0.0.1"));
        for list in ["::ffff:127.0.0.0/104", "::ffff:127.0.0.1"] {
            assert!(admits(&[list], "127.0.0.1") && admits(&[list], "::ffff:127.0.0.1"), "{list}");
        }
        assert!(!admits(&["::ffff:127.0.0.0/104"], "128.0.0.1"));
        assert!(!admits(&["::/0"], "::ffff:127.0.0.1") && admits(&["::/0"], "::1"));
        assert!(admits(&["0.0.0.0/0"], "::ffff:127.0.0.1") && !admits(&["0.0.0.0/0"], "::1"));
        assert!(!admits(&[], "127.0.0.1"));
    }
}
