//! Connections over which nothing is said before the server has shown that it is the right one.
//!
//! The port of a server that was killed is free for everybody, and so is its process id, which
//! `/health` told. So every new connection begins with a question that only the process that wrote
//! `server.json` can answer (`proof.rs`). Checking each connection leaves no moment between the
//! check and the use, and unlike a socket in the library folder it works on every system and for
//! folders with long names or on file systems without sockets.

use std::fmt;
use std::io::{self, Read, Write};
use std::net::SocketAddr;
use std::time::Duration;

use ureq::unversioned::transport::{
    ConnectionDetails, Connector, NextTimeout, Transport, TransportAdapter,
};

use crate::ServerFile;
use crate::proof::{HEADER, Nonce, PARAMETER, ProofKey};

/// Longest wait for the answer to the question.
pub(super) const KNOCK: Duration = Duration::from_secs(2);
/// More than an answer without a body has.
const LONGEST_HEAD: usize = 8 << 10;
/// More lines than it has.
const MOST_HEADERS: usize = 64;

/// Lets a connection pass when the server that wrote `server.json` is at its other end.
pub(super) struct Verified {
    address: SocketAddr,
    pid: u32,
    key: ProofKey,
}

impl Verified {
    pub(super) fn new(file: &ServerFile) -> Self {
        Self { address: file.address, pid: file.pid, key: file.key.clone() }
    }

    fn ask(&self, stream: &mut (impl Read + Write)) -> io::Result<()> {
        let nonce = Nonce::random().map_err(io::Error::other)?;
        let question = format!(
            "HEAD /health?{PARAMETER}={} HTTP/1.1\r\nhost: {}\r\nuser-agent: seer/{}\r\n\r\n",
            nonce.to_hex(),
            self.address,
            env!("CARGO_PKG_VERSION"),
        );
        stream.write_all(question.as_bytes())?;
        stream.flush()?;
        let given = proof_in(stream)?;
        if given == Some(self.key.answer(nonce, self.address, self.pid)) {
            return Ok(());
        }
        Err(io::Error::other("whoever answers there is not the server that serves this library"))
    }
}

/// The key is left out.
impl fmt::Debug for Verified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verified").field("address", &self.address).finish_non_exhaustive()
    }
}

impl<In: Transport> Connector<In> for Verified {
    type Out = In;

    fn connect(
        &self,
        details: &ConnectionDetails<'_>,
        chained: Option<In>,
    ) -> Result<Option<In>, ureq::Error> {
        let Some(transport) = chained else { return Ok(None) };
        let mut stream = TransportAdapter::new(transport, details.current_time.clone());
        let after = ureq::unversioned::transport::time::Duration::Exact(KNOCK);
        stream.set_timeout(NextTimeout { after, ..details.timeout });
        self.ask(&mut stream).map_err(ureq::Error::Io)?;
        Ok(Some(stream.into_inner()))
    }
}

/// Reads an answer without a body; `None` when it is no proof.
fn proof_in(stream: &mut impl Read) -> io::Result<Option<blake3::Hash>> {
    let mut head = Vec::new();
    let mut piece = [0; 1024];
    while head.len() < LONGEST_HEAD {
        let count = stream.read(&mut piece)?;
        if count == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        head.extend_from_slice(&piece[..count]);
        let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
        let mut answer = httparse::Response::new(&mut headers);
        match answer.parse(&head).map_err(io::Error::other)? {
            httparse::Status::Partial => {}
            // What follows the head would be taken for the answer to the next question.
            httparse::Status::Complete(end) if end != head.len() => return Ok(None),
            httparse::Status::Complete(_) if answer.code != Some(200) => return Ok(None),
            httparse::Status::Complete(_) => {
                let line = answer.headers.iter().find(|h| h.name.eq_ignore_ascii_case(HEADER));
                let proof = line.and_then(|h| std::str::from_utf8(h.value).ok());
                return Ok(proof.and_then(|text| blake3::Hash::from_hex(text).ok()));
            }
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(answer: &str) -> io::Result<Option<blake3::Hash>> {
        proof_in(&mut answer.as_bytes())
    }

    #[test]
    fn only_a_whole_answer_with_a_proof_counts() {
        let proof = blake3::hash(b"x");
        let good = format!("HTTP/1.1 200 OK\r\nSeer-Proof: {proof}\r\n\r\n");
        assert_eq!(read(&good).unwrap(), Some(proof));
        assert_eq!(read(&good.replace("200", "404")).unwrap(), None);
        assert_eq!(read(&format!("{good}HTTP/1.1 200 OK\r\n\r\n")).unwrap(), None);
        assert_eq!(read("HTTP/1.1 200 OK\r\n\r\n").unwrap(), None);
        assert_eq!(read("HTTP/1.1 200 OK\r\nseer-proof: xyz\r\n\r\n").unwrap(), None);
        assert!(read(&good[..good.len() - 2]).is_err());
        assert!(read("SSH-2.0-OpenSSH\r\n").is_err());
        let endless = format!("HTTP/1.1 200 OK\r\na: {}", "x".repeat(2 * LONGEST_HEAD));
        assert_eq!(read(&endless).unwrap(), None);
    }
}
