//! Others on the port of a server that has ended: they learn nothing and are not believed.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::harness::{Server, TOKEN};
use crate::ServerFile;
use crate::client::{Client, ClientError};
use crate::wire::SearchRequest;

/// Answers everything as the real server would, but does not know its key; remembers what it was
/// told. Its thread ends with the test program.
struct Imposter {
    address: SocketAddr,
    heard: Arc<Mutex<Vec<u8>>>,
}

impl Imposter {
    fn at(address: SocketAddr, proof: Option<String>) -> Self {
        let listener = TcpListener::bind(address).unwrap();
        let address = listener.local_addr().unwrap();
        let heard = Arc::new(Mutex::new(Vec::new()));
        let told = Arc::clone(&heard);
        let pid = std::process::id();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                answer(stream.unwrap(), &told, pid, proof.as_deref());
            }
        });
        Self { address, heard }
    }

    fn heard(&self) -> String {
        String::from_utf8_lossy(&self.heard.lock().unwrap()).into_owned()
    }
}

fn answer(mut stream: TcpStream, told: &Mutex<Vec<u8>>, pid: u32, proof: Option<&str>) {
    stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    let mut piece = [0; 4096];
    while let Ok(count @ 1..) = stream.read(&mut piece) {
        told.lock().unwrap().extend_from_slice(&piece[..count]);
        let body = format!(r#"{{"status":"ok","pid":{pid},"version":"0.1.0","hits":[]}}"#);
        let body = if piece.starts_with(b"HEAD") { "" } else { &body };
        let proof = proof.map_or(String::new(), |proof| format!("seer-proof: {proof}\r\n"));
        let length = body.len();
        let text = format!("HTTP/1.1 200 OK\r\n{proof}Content-Length: {length}\r\n\r\n{body}");
        if stream.write_all(text.as_bytes()).is_err() {
            return;
        }
    }
}

#[test]
fn whoever_took_the_port_of_a_killed_server_is_taken_for_nobody() {
    let server = Server::start();
    let file = ServerFile::read(server.library.folder()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    for proof in [None, Some("ab".repeat(32)), Some("not hex".to_owned())] {
        let imposter = Imposter::at("127.0.0.1:0".parse().unwrap(), proof);
        ServerFile { address: imposter.address, ..file.clone() }.write(folder.path()).unwrap();
        assert!(Client::find(folder.path()).is_none());
        let heard = imposter.heard();
        assert!(heard.starts_with("HEAD /health?nonce="), "{heard}");
        assert!(!heard.contains(TOKEN) && !heard.to_lowercase().contains("authorization"));
    }
}

#[test]
fn a_proof_for_another_address_is_not_enough() {
    // The imposter asks the real server for the answer, which stands at another address.
    let server = Server::start();
    let file = ServerFile::read(server.library.folder()).unwrap();
    let key = file.key.clone();
    let nonce = crate::proof::Nonce::random().unwrap();
    let url = format!("/health?nonce={}", nonce.to_hex());
    let given = server.get(&url).header("seer-proof").unwrap().to_owned();
    assert_eq!(given, key.answer(nonce, server.address, file.pid).to_string());
    let elsewhere = "127.0.0.1:1".parse().unwrap();
    assert_ne!(given, key.answer(nonce, elsewhere, file.pid).to_string());
    assert_eq!(server.get("/health?nonce=ab").error_code(), "bad_request");
    assert_eq!(server.get("/health").header("seer-proof"), None);
}

#[test]
fn a_client_that_knew_the_server_does_not_trust_its_successor() {
    let mut server = Server::start();
    let client = Client::find(server.library.folder()).unwrap();
    client.status().unwrap();
    let address = server.address;
    server.stop().unwrap();
    let imposter = Imposter::at(address, Some("ab".repeat(32)));
    let request = SearchRequest { query: "my private words".into(), ..Default::default() };
    let error = client.search(&request).unwrap_err();
    assert!(
        matches!(&error, ClientError::Unreachable { reason, .. }
        if reason.contains("not the server that serves this library")),
        "{error}"
    );
    let heard = imposter.heard();
    assert!(!heard.contains("private") && !heard.contains(TOKEN), "{heard}");
}
