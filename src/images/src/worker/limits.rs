//! Bounds that a worker sets itself before it looks at foreign bytes.

use std::time::Duration;

/// Bounds the memory that is taken from here on, and the processor's time; where the system knows no
/// such bounds, the one who started the worker ends it when it takes too long.
#[cfg(target_os = "linux")]
pub(super) fn apply(memory: u64, time: Duration) {
    use rustix::process::{Resource, Rlimit, setrlimit};

    let bound = |most: u64| Rlimit { current: Some(most), maximum: Some(most) };
    // What the program itself takes comes on top.
    let most = memory.saturating_add(taken().unwrap_or(1 << 30));
    // A second request finds the bounds of the first, which cannot be widened.
    let _ = setrlimit(Resource::As, bound(most));
    let _ = setrlimit(Resource::Cpu, bound(time.as_secs()));
}

/// Bytes of the addresses in use.
#[cfg(target_os = "linux")]
fn taken() -> Option<u64> {
    let pages = std::fs::read_to_string("/proc/self/statm").ok()?;
    let pages: u64 = pages.split_whitespace().next()?.parse().ok()?;
    Some(pages * rustix::param::page_size() as u64)
}

#[cfg(all(unix, not(target_os = "linux")))]
pub(super) fn apply(_memory: u64, time: Duration) {
    use rustix::process::{Resource, Rlimit, setrlimit};

    let bound = Rlimit { current: Some(time.as_secs()), maximum: Some(time.as_secs()) };
    let _ = setrlimit(Resource::Cpu, bound);
}

#[cfg(not(unix))]
pub(super) fn apply(_memory: u64, _time: Duration) {}
