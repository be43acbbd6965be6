//! The Host header against DNS rebinding, and the Origin header against foreign pages.
//!
//! A foreign page can point its own name at 127.0.0.1 and then ask as "same origin"; its name
//! stands in the Host header. An IP address written as such cannot be rebound.

use std::net::IpAddr;

/// The names under which this server answers; IP addresses and `localhost` always count.
#[derive(Debug)]
pub(crate) struct Hosts {
    names: Vec<String>,
}

impl Hosts {
    pub(crate) fn new(names: &[String]) -> Self {
        Self { names: names.iter().map(|name| name.to_ascii_lowercase()).collect() }
    }

    /// Whether a Host header is acceptable, with any port.
    pub(crate) fn allows(&self, header: &str) -> bool {
        let name = without_port(header).to_ascii_lowercase();
        let literal = name.strip_prefix('[').and_then(|n| n.strip_suffix(']')).unwrap_or(&name);
        name == "localhost" || literal.parse::<IpAddr>().is_ok() || self.names.contains(&name)
    }
}

/// `host:80` and `[::1]:80` without the port.
fn without_port(header: &str) -> &str {
    match header.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) && !host.ends_with(':') => {
            host
        }
        _ => header,
    }
}

/// Whether an Origin header names the same host and port as the Host header.
pub(crate) fn same_origin(origin: &str, host: &str) -> bool {
    let authority = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
    authority.is_some_and(|authority| authority.eq_ignore_ascii_case(host))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_names_and_addresses_are_allowed() {
        let hosts = Hosts::new(&["NAS.local".to_owned()]);
        for host in [
            "localhost",
            "LOCALHOST:7337",
            "127.0.0.1:7337",
            "[::1]:7337",
            "[::1]",
            "192.168.1.4",
            "nas.local:80",
        ] {
            assert!(hosts.allows(host), "{host}");
        }
    }

    #[test]
    fn other_names_are_not() {
        let hosts = Hosts::new(&[]);
        for host in [
            "",
            "evil.example",
            "evil.example:7337",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "localhost:80:80",
            ":7337",
            "nas.local",
        ] {
            assert!(!hosts.allows(host), "{host}");
        }
    }

    #[test]
    fn origins_are_compared_with_their_port() {
        assert!(same_origin("http://localhost:7337", "localhost:7337"));
        assert!(same_origin("https://nas.local", "NAS.local"));
        assert!(!same_origin("http://localhost", "localhost:7337"));
        assert!(!same_origin("null", "null"));
    }
}
