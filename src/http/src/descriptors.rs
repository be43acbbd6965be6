//! How many connections there may be: each takes a file descriptor, and without one nobody is answered.

/// Descriptors that are left for files, and for connections that are being taken.
const RESERVE: u64 = 256;
/// Connections of one event loop at the most.
const MOST: u64 = 10_000;

/// Raises this process's limit on descriptors as far as the system allows, and gives how many connections
/// each of some event loops may have.
pub(crate) fn connections_each(event_loops: usize) -> usize {
    shared(limit(), event_loops)
}

/// What `limit` descriptors leave for each event loop.
fn shared(limit: u64, event_loops: usize) -> usize {
    let room = limit.saturating_sub(RESERVE).max(limit / 2) / event_loops.max(1) as u64;
    room.clamp(16, MOST) as usize
}

/// Many systems give 1,024 and allow far more: the lower limit protects programs that cannot count further.
#[cfg(unix)]
fn limit() -> u64 {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let before = getrlimit(Resource::Nofile);
    let most = Rlimit { current: before.maximum, maximum: before.maximum };
    match setrlimit(Resource::Nofile, most) {
        Ok(()) => getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX),
        Err(error) => {
            log::debug!("the limit on open files stays as it is: {error}");
            before.current.unwrap_or(u64::MAX)
        }
    }
}

#[cfg(not(unix))]
fn limit() -> u64 {
    u64::MAX
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_leave_descriptors_for_files() {
        assert_eq!(shared(1024, 2), 384);
        assert_eq!(shared(20_000, 2), 9_872);
        assert_eq!(shared(u64::MAX, 2), 10_000);
        assert_eq!(shared(64, 2), 16);
    }

    #[cfg(unix)]
    #[test]
    fn the_limit_is_raised_and_not_lowered() {
        use rustix::process::{Resource, getrlimit};
        assert!(limit() >= 64);
        let now = getrlimit(Resource::Nofile);
        assert!(now.current == now.maximum || cfg!(target_os = "macos"));
    }
}
