//! Wrong tokens are answered later and later.
//!
//! Right tokens never wait. What is remembered is bounded, and so are the wait and the number of
//! answers that are held back at a time.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use actix_web::rt::time::sleep;

/// Added to the wait with every recent wrong token from the same address.
const STEP: Duration = Duration::from_millis(10);
/// An address is forgotten so long after its last wrong token.
const MEMORY: Duration = Duration::from_secs(60);
/// Addresses remembered; the one that was wrong longest ago makes room.
const MOST_ADDRESSES: usize = 1024;
/// Answers held back at the same time; one more is not worth an answer.
const MOST_WAITING: usize = 64;

/// The recent wrong tokens of one server.
#[derive(Debug)]
pub(crate) struct WrongTokens {
    longest: Duration,
    recent: Mutex<HashMap<IpAddr, Recent>>,
    waiting: AtomicUsize,
}

#[derive(Debug, Clone, Copy)]
struct Recent {
    count: u32,
    last: Instant,
}

/// One answer that is held back; dropped when it leaves or its caller does.
struct Waiting<'a>(&'a AtomicUsize);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

impl WrongTokens {
    /// No answer waits longer than `longest`.
    pub(crate) fn new(longest: Duration) -> Self {
        Self { longest, recent: Mutex::default(), waiting: AtomicUsize::new(0) }
    }

    /// Remembers a wrong token from this address and waits. `false`: too many wait already.
    pub(crate) async fn slow_down(&self, from: IpAddr) -> bool {
        let count = self.remember(from, Instant::now());
        let more = |waiting: usize| (waiting < MOST_WAITING).then_some(waiting + 1);
        if self.waiting.fetch_update(Ordering::AcqRel, Ordering::Acquire, more).is_err() {
            return false;
        }
        let _waiting = Waiting(&self.waiting);
        let wait = wait(count, self.longest);
        // A timer rounds up.
        if !wait.is_zero() {
            sleep(wait).await;
        }
        true
    }

    /// Wrong tokens from this address that are remembered.
    #[cfg(test)]
    pub(crate) fn count(&self, from: IpAddr) -> u32 {
        let recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        recent.get(&network(from)).map_or(0, |known| known.count)
    }

    /// How many wrong tokens came from this address lately, this one included.
    fn remember(&self, from: IpAddr, now: Instant) -> u32 {
        let mut recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        recent.retain(|_, known| now.saturating_duration_since(known.last) < MEMORY);
        let from = network(from);
        if recent.len() >= MOST_ADDRESSES && !recent.contains_key(&from) {
            let oldest = recent.iter().min_by_key(|(_, known)| known.last).map(|(ip, _)| *ip);
            oldest.map(|ip| recent.remove(&ip));
        }
        let known = recent.entry(from).or_insert(Recent { count: 0, last: now });
        *known = Recent { count: known.count.saturating_add(1), last: now };
        known.count
    }
}

/// How long the answer to the `count`-th recent wrong token waits.
fn wait(count: u32, longest: Duration) -> Duration {
    STEP.saturating_mul(count).min(longest)
}

/// One machine has as many IPv6 addresses as it likes within its /64.
fn network(ip: IpAddr) -> IpAddr {
    match ip.to_canonical() {
        IpAddr::V6(ip) => Ipv6Addr::from_bits(ip.to_bits() & !u128::from(u64::MAX)).into(),
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONGEST: Duration = Duration::from_millis(500);

    fn ip(number: u32) -> IpAddr {
        std::net::Ipv4Addr::from_bits(number).into()
    }

    #[test]
    fn the_wait_grows_to_its_bound() {
        let waits: Vec<Duration> = (1..=100).map(|count| wait(count, LONGEST)).collect();
        assert_eq!(waits[0], STEP);
        assert!(waits.windows(2).all(|pair| pair[0] <= pair[1]));
        assert!(waits[10] > waits[0]);
        assert_eq!((waits[99], wait(u32::MAX, LONGEST)), (LONGEST, LONGEST));
    }

    #[test]
    fn addresses_are_counted_apart_and_forgotten() {
        let tokens = WrongTokens::new(LONGEST);
        let start = Instant::now();
        assert_eq!(tokens.remember(ip(1), start), 1);
        assert_eq!(tokens.remember(ip(1), start), 2);
        assert_eq!(tokens.remember(ip(2), start), 1);
        assert_eq!(tokens.remember(ip(1), start + MEMORY), 1);
    }

    #[test]
    fn a_network_of_ipv6_is_one_address() {
        let tokens = WrongTokens::new(LONGEST);
        let now = Instant::now();
        assert_eq!(tokens.remember("2001:db8::1".parse().unwrap(), now), 1);
        assert_eq!(tokens.remember("2001:db8::2".parse().unwrap(), now), 2);
        assert_eq!(tokens.remember("2001:db8:0:1::1".parse().unwrap(), now), 1);
        assert_eq!(
            network("::ffff:10.0.0.1".parse().unwrap()),
            "10.0.0.1".parse::<IpAddr>().unwrap()
        );
    }

    #[test]
    fn the_memory_is_bounded_and_the_oldest_goes() {
        let tokens = WrongTokens::new(LONGEST);
        let start = Instant::now();
        for number in 0..2 * MOST_ADDRESSES as u32 {
            tokens.remember(ip(number), start + Duration::from_millis(number.into()));
        }
        let recent = tokens.recent.lock().unwrap();
        assert_eq!(recent.len(), MOST_ADDRESSES);
        assert!(!recent.contains_key(&ip(0)));
        assert!(recent.contains_key(&ip(2 * MOST_ADDRESSES as u32 - 1)));
    }

    #[actix_web::test]
    async fn as_many_as_wait_at_once_are_bounded() {
        let tokens = WrongTokens::new(Duration::ZERO);
        tokens.waiting.store(MOST_WAITING, Ordering::Release);
        assert!(!tokens.slow_down(ip(1)).await);
        tokens.waiting.store(MOST_WAITING - 1, Ordering::Release);
        assert!(tokens.slow_down(ip(1)).await);
        assert_eq!(tokens.waiting.load(Ordering::Acquire), MOST_WAITING - 1);
    }
}
