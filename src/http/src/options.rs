//! What an operator can choose, with the limits that keep one request from starving the rest.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use crate::Token;

/// How to serve a library.
#[derive(Clone, Debug)]
pub struct ServeOptions {
    /// Where to listen. Port 0 takes any free port; [`crate::Ready`] tells which.
    pub address: SocketAddr,
    /// The secret that requests carry; see `docs/SECURITY.md` for who needs it. `None`: a random
    /// one is made.
    pub token: Option<Token>,
    /// Host names, besides `localhost` and plain IP addresses, under which browsers may ask.
    pub allowed_hosts: Vec<String>,
    /// Whether originals lose what they say about themselves, and records their position, unless
    /// the server's own user asks on this machine.
    pub strip_metadata: bool,
    /// Limits on single requests and on all together.
    pub limits: Limits,
}

impl Default for ServeOptions {
    /// `127.0.0.1:7337`, a random token, no further host names.
    fn default() -> Self {
        Self {
            address: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 7337),
            token: None,
            allowed_hosts: Vec::new(),
            strip_metadata: false,
            limits: Limits::default(),
        }
    }
}

/// Above these a request is refused with a code that says so.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Length of a request body. Pictures inside JSON count with a third more (base64).
    pub max_body_bytes: usize,
    /// Memory for the bodies of all requests together, with what is made of them, in bytes. A
    /// body takes twice its length; one that finds no room is answered with 429.
    pub body_memory: usize,
    /// Length of the query in characters.
    pub max_query_chars: usize,
    /// Pictures in one search.
    pub max_pictures: usize,
    /// Results in one answer.
    pub max_k: usize,
    /// Results in one answer that explains them.
    pub max_explained: usize,
    /// Searches in one request for several.
    pub max_batch: usize,
    /// Results in the answers to all of these together.
    pub max_batch_results: usize,
    /// Results skipped before the first.
    pub max_offset: usize,
    /// Searches by words that run at the same time: their texts are encoded together.
    pub searches_at_once: usize,
    /// Searches with pictures that run at the same time. Decoding takes memory, and the image
    /// tower uses all cores by itself.
    pub pictures_at_once: usize,
    /// Searches of either kind that wait for their turn; one more is answered with 429.
    pub searches_waiting: usize,
    /// Thumbnails and records read at the same time.
    pub readings_at_once: usize,
    /// Thumbnails and records that wait; one more is answered with 429.
    pub readings_waiting: usize,
    /// Archives that are sent at the same time; one more is answered with 429.
    pub downloads_at_once: usize,
    /// Longest wait for one answer, for a request to arrive, and for a reader to take the next piece of an archive.
    pub patience: Duration,
    /// The same for what looks at the whole library: duplicates.
    pub long_patience: Duration,
    /// Longest wait before the answer to a wrong token.
    pub wrong_token_wait: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        Self {
            max_body_bytes: 64 << 20,
            body_memory: 128 << 20,
            max_query_chars: 2_000,
            max_pictures: 8,
            max_k: 1_000,
            max_explained: seer_engine::MAX_EXPLAINED,
            max_batch: 64,
            max_batch_results: 6_400,
            max_offset: 10_000_000,
            searches_at_once: 16,
            pictures_at_once: 2,
            searches_waiting: 32,
            readings_at_once: cores.max(2),
            readings_waiting: 512,
            downloads_at_once: 4,
            patience: Duration::from_secs(30),
            long_patience: Duration::from_secs(600),
            wrong_token_wait: Duration::from_millis(500),
        }
    }
}
