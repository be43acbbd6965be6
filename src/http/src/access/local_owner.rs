//! Which user of this machine is at the other end of a local connection.
//!
//! Linux lists every TCP socket with its owner in `/proc/net/tcp` and `/proc/net/tcp6`. Other
//! systems have no such list for everybody; there [`is_own`] takes every loopback connection for
//! the person's own, as `docs/SECURITY.md` says.

use std::net::SocketAddr;

/// Whether the server's own user can be told from others: where the system keeps the list from
/// this process, everybody is taken for another.
pub(crate) fn tells_own_user() -> bool {
    !cfg!(target_os = "linux") || std::fs::File::open("/proc/net/tcp").is_ok()
}

/// Whether the socket at `peer`, connected to our `local`, belongs to the user this process runs
/// as. Reads files; not for the event loop.
#[cfg(target_os = "linux")]
pub(crate) fn is_own(peer: SocketAddr, local: SocketAddr) -> bool {
    let own = linux::own_user();
    own.is_some() && own == linux::owner(peer, local)
}

/// Whether the connection comes from this machine at all.
#[cfg(not(target_os = "linux"))]
pub(crate) fn is_own(peer: SocketAddr, _local: SocketAddr) -> bool {
    peer.ip().to_canonical().is_loopback()
}

#[cfg(target_os = "linux")]
mod linux {
    use std::fs::File;
    use std::io::{BufRead, BufReader};
    use std::net::{IpAddr, SocketAddr};

    /// Users that this process's namespace has no number for are shown as this one.
    const UNKNOWN_USER: u32 = 65534;
    /// Established, and the two states after the client has closed its half. In all others the
    /// kernel may show user 0 instead of the owner.
    const LIVE: [&str; 3] = ["01", "04", "05"];

    /// The user this process runs as (the effective one of four).
    pub(super) fn own_user() -> Option<u32> {
        let status = std::fs::read_to_string("/proc/self/status").ok()?;
        let users = status.lines().find_map(|line| line.strip_prefix("Uid:"))?;
        users.split_ascii_whitespace().nth(1)?.parse().ok()
    }

    pub(super) fn owner(peer: SocketAddr, local: SocketAddr) -> Option<u32> {
        // A socket for IPv6 that speaks IPv4 stands in the second list.
        let lists = ["/proc/net/tcp", "/proc/net/tcp6"];
        lists.iter().find_map(|path| owner_in(BufReader::new(File::open(path).ok()?), peer, local))
    }

    /// The owner of the row whose own end is `peer` and whose other end is `local`.
    pub(super) fn owner_in(list: impl BufRead, peer: SocketAddr, local: SocketAddr) -> Option<u32> {
        list.lines().map_while(Result::ok).find_map(|line| {
            let mut fields = line.split_ascii_whitespace().skip(1);
            let (own, other) = (address(fields.next()?)?, address(fields.next()?)?);
            if own != canonical(peer) || other != canonical(local) {
                return None;
            }
            let live = LIVE.contains(&fields.next()?);
            let user: u32 = fields.nth(3)?.parse().ok()?;
            let inode: u64 = fields.nth(1)?.parse().ok()?;
            (live && inode != 0 && user != UNKNOWN_USER).then_some(user)
        })
    }

    fn canonical(address: SocketAddr) -> (IpAddr, u16) {
        (address.ip().to_canonical(), address.port())
    }

    /// `0100007F:1CA9`, or 32 digits for IPv6: words of 32 bits in this machine's byte order.
    fn address(text: &str) -> Option<(IpAddr, u16)> {
        let (ip, port) = text.split_once(':')?;
        let port = u16::from_str_radix(port, 16).ok()?;
        let word = |at: usize| {
            let digits = ip.get(at * 8..at * 8 + 8)?;
            Some(u32::from_str_radix(digits, 16).ok()?.to_ne_bytes())
        };
        let ip = match ip.len() {
            8 => IpAddr::from(word(0)?),
            32 => {
                let mut bytes = [0u8; 16];
                for (at, part) in bytes.as_chunks_mut::<4>().0.iter_mut().enumerate() {
                    *part = word(at)?;
                }
                IpAddr::from(bytes).to_canonical()
            }
            _ => return None,
        };
        Some((ip, port))
    }

    #[cfg(all(test, target_endian = "little"))]
    mod tests {
        use super::*;

        const TCP: &str = "\
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1CA9 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 11 1
   1: 0100007F:1CA9 0100007F:D431 01 00000000:00000000 00:00000000 00000000  1000        0 12 1
   2: 0100007F:D431 0100007F:1CA9 01 00000000:00000000 00:00000000 00000000  1001        0 13 1
   3: 0100007F:D432 0100007F:1CA9 06 00000000:00000000 03:00000DB8 00000000     0        0 0 3
   4: 0100007F:D433 0100007F:1CA9 01 00000000:00000000 00:00000000 00000000     0        0 0 1
   5: 0100007F:D434 0100007F:1CA9 05 00000000:00000000 00:00000000 00000000  1000        0 14 1
   6: 0100007F:D435 0100007F:1CA9 01 00000000:00000000 00:00000000 00000000 65534        0 15 1
   7: 0100007F:D436
   8: nonsense
";
        const TCP6: &str = "\
  sl  local_address                         remote_address                        st
   0: 00000000000000000000000001000000:D431 00000000000000000000000001000000:1CA9 01 00000000:00000000 00:00000000 00000000  1002        0 21 1
   1: 0000000000000000FFFF00000100007F:D440 0000000000000000FFFF00000100007F:1CA9 01 00000000:00000000 00:00000000 00000000  1003        0 22 1
";

        fn found(list: &str, peer: &str) -> Option<u32> {
            let local = if peer.starts_with('[') { "[::1]:7337" } else { "127.0.0.1:7337" };
            owner_in(list.as_bytes(), peer.parse().unwrap(), local.parse().unwrap())
        }

        #[test]
        fn the_client_s_end_tells_its_owner() {
            assert_eq!(found(TCP, "127.0.0.1:54321"), Some(1001));
            assert_eq!(found(TCP6, "[::1]:54321"), Some(1002));
            assert_eq!(found(TCP6, "127.0.0.1:54336"), Some(1003));
        }

        #[test]
        fn a_client_that_has_closed_its_half_is_still_known() {
            assert_eq!(found(TCP, "127.0.0.1:54324"), Some(1000));
        }

        #[test]
        fn closed_orphaned_and_foreign_sockets_have_no_owner() {
            for port in [54322, 54323, 54325, 54326, 1, 7337] {
                assert_eq!(found(TCP, &format!("127.0.0.1:{port}")), None, "{port}");
            }
            assert_eq!(found("", "127.0.0.1:54321"), None);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::{TcpListener, TcpStream};

    use super::*;

    #[test]
    fn our_own_connection_is_our_own() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (served, peer) = listener.accept().unwrap();
        assert!(is_own(peer, served.local_addr().unwrap()));
        drop(client);
    }
}
