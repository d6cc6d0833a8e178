//! `resolve`: the addresses of a name.

use std::net::{IpAddr, SocketAddr};
use std::process::ExitCode;
use std::time::Duration;

use lab::Utility;
use lab::clap::{Arg, ArgMatches, value_parser};

use crate::kinds::kind;
use crate::resolver;

pub(crate) const TOOL: Utility = Utility {
    name: "resolve",
    about: "Every address of a name, in the order in which a client would try them",
    options: |command| {
        command
            .arg(Arg::new("host").value_name("NAME").help("A host's name, such as localhost"))
            .arg(
                Arg::new("port")
                    .long("port")
                    .value_name("PORT")
                    .value_parser(value_parser!(u16))
                    .default_value("80")
                    .help("The port that a client would connect to"),
            )
            .arg(
                Arg::new("timeout")
                    .long("timeout")
                    .value_name("SECONDS")
                    .value_parser(value_parser!(u64).range(1..=86_400))
                    .default_value("5")
                    .help("Give up after so long"),
            )
    },
    run,
};

fn run(matches: &ArgMatches) -> anyhow::Result<ExitCode> {
    let Some(name) = matches.get_one::<String>("host") else {
        return Ok(super::usage("give a name, such as: resolve localhost"));
    };
    let port = matches.get_one("port").copied().unwrap_or(80);
    let timeout = Duration::from_secs(matches.get_one("timeout").copied().unwrap_or(5));
    super::print(&table(name, &resolver::resolve(name, port, timeout)?))
}

fn table(name: &str, addresses: &[SocketAddr]) -> String {
    let count = match addresses.len() {
        1 => "1 address".to_string(),
        count => format!("{count} addresses, to be tried in this order"),
    };
    let mut text = format!("{name}: {count}\n");
    let width = addresses.iter().map(|address| address.to_string().len()).max().unwrap_or(0);
    for (place, address) in addresses.iter().enumerate() {
        let family = if address.is_ipv4() { "IPv4" } else { "IPv6" };
        let kind = kind(address.ip());
        text += &format!("{:>3}  {:width$}  {family}  {}", place + 1, address.to_string(), kind.name);
        if let IpAddr::V6(ip) = address.ip()
            && let Some(inner) = ip.to_ipv4_mapped()
        {
            text += &format!(" {inner}");
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_numbered_and_stand_in_columns() {
        let addresses = ["[::1]:80", "127.0.0.1:80", "[::ffff:10.0.0.1]:80"].map(|text| text.parse().expect("one"));
        assert_eq!(
            table("here", &addresses),
            "here: 3 addresses, to be tried in this order\n\
             \x20 1  [::1]:80              IPv6  loopback\n\
             \x20 2  127.0.0.1:80          IPv4  loopback\n\
             \x20 3  [::ffff:10.0.0.1]:80  IPv6  IPv4-mapped 10.0.0.1\n"
        );
    }
}
