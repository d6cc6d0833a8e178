//! Errors of the command line that only the lesson can tell.

use std::fmt;
use std::net::{IpAddr, SocketAddr};

/// What was asked for is not possible here, and what is: exit status 2, as for every usage error.
#[derive(Debug)]
pub(super) struct Usage(pub(super) String);

impl fmt::Display for Usage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Usage {}

/// A numeric address and a port.
pub(super) fn address(text: &str) -> Result<SocketAddr, String> {
    const FORM: &str = "give a numeric address and a port, such as 127.0.0.1:8080 or [::1]:8080";
    if let Ok(address) = text.parse() {
        return Ok(address);
    }
    let Some((host, port)) = text.rsplit_once(':') else { return Err(FORM.to_string()) };
    let numeric = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>().is_ok();
    let digits = !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    Err(match (numeric, digits) {
        (true, true) if port.parse::<u16>().is_err() => format!("{port} is no port: ports are 0 to 65535"),
        (false, true) if host.contains(|c: char| c.is_alphabetic()) && !host.contains([':', '[']) => {
            format!(
                "{host} is a name and not an address: {FORM}; the addresses of a name: cargo run -p lesson-00-addresses -- \
                 resolve {host}"
            )
        }
        _ => FORM.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_is_none_is_told_what_is_wrong_with_it() {
        let said = |text| address(text).expect_err("no address");
        assert_eq!(said("127.0.0.1:99999"), "99999 is no port: ports are 0 to 65535");
        assert_eq!(said("[::1]:65536"), "65536 is no port: ports are 0 to 65535");
        assert!(said("localhost:8080").starts_with("localhost is a name and not an address: give a numeric"));
        assert!(said("localhost:8080").ends_with("resolve localhost"));
        for other in ["8080", "127.0.0.1", ":8080", "127.0.0.1:", "1.2.3:80", "::1:80:x", ""] {
            assert!(said(other).starts_with("give a numeric address"), "{other}: {}", said(other));
        }
        assert!(address("[::1]:80").is_ok());
    }
}
