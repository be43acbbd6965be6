//! A small HTTP server on the loopback interface that answers as the hub does, for tests.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use sha2::{Digest, Sha256};

pub const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";

/// One repository at one revision, and how the server misbehaves.
#[derive(Default)]
pub struct Hub {
    /// Files by name.
    pub files: HashMap<String, Vec<u8>>,
    /// Status of every answer, 0 for the normal ones.
    pub status: u16,
    /// Answers to these requests break off after so many bytes of the body, once for each entry.
    pub cuts: Vec<(String, usize)>,
    /// Files that are sent with a changed byte.
    pub corrupt: Vec<String>,
    /// Files whose bytes come from another address, after a redirect.
    pub redirected: Vec<String>,
    /// Answers with files at `refs/pr/2` only; `main` has pickled weights.
    pub converted: bool,
    /// Requests so far: `GET path range`.
    pub log: Vec<String>,
    /// Token of the last request.
    pub token: Option<String>,
}

/// A running server; stops when dropped.
pub struct Server {
    pub address: String,
    pub hub: Arc<Mutex<Hub>>,
    stop: Arc<AtomicBool>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Server {
    pub fn start(hub: Hub) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address").to_string();
        let (hub, stop) = (Arc::new(Mutex::new(hub)), Arc::new(AtomicBool::new(false)));
        let (shared, stopping) = (hub.clone(), stop.clone());
        let thread = thread::spawn(move || {
            for stream in listener.incoming() {
                if stopping.load(Ordering::SeqCst) {
                    break;
                }
                if let Ok(stream) = stream {
                    // A client that goes away in the middle is the client's affair.
                    let _ = answer(stream, &shared);
                }
            }
        });
        Self { address, hub, stop, thread: Some(thread) }
    }

    pub fn log(&self) -> Vec<String> {
        self.hub.lock().expect("unpoisoned").log.clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(&self.address);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect()
}

/// What a request asks for.
struct Request {
    path: String,
    host: String,
    range: Option<usize>,
    one_byte: bool,
}

fn read(stream: &TcpStream, hub: &Mutex<Hub>) -> std::io::Result<Request> {
    let mut lines = BufReader::new(stream).lines();
    let first = lines.next().unwrap_or_else(|| Ok(String::new()))?;
    let path = first.split(' ').nth(1).unwrap_or("").to_owned();
    let mut request = Request { path, host: String::new(), range: None, one_byte: false };
    let mut token = None;
    for line in lines {
        let line = line?;
        if line.is_empty() {
            break;
        }
        let (name, value) = line.split_once(": ").unwrap_or((&line, ""));
        match name.to_ascii_lowercase().as_str() {
            "host" => value.clone_into(&mut request.host),
            "authorization" => token = Some(value.to_owned()),
            "range" => {
                let (from, to) =
                    value.trim_start_matches("bytes=").split_once('-').unwrap_or(("0", ""));
                request.range = from.parse().ok();
                request.one_byte = to == "0";
            }
            _ => {}
        }
    }
    let mut hub = hub.lock().expect("unpoisoned");
    hub.token = token;
    let range = request
        .range
        .map_or(String::new(), |r| format!(" {r}{}", if request.one_byte { "-0" } else { "-" }));
    hub.log.push(format!("GET {}{range}", request.path));
    Ok(request)
}

fn git(content: &[u8]) -> String {
    let hasher = sha1::Sha1::new_with_prefix(format!("blob {}\0", content.len()));
    let digest = hasher.chain_update(content).finalize();
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn answer(mut stream: TcpStream, hub: &Mutex<Hub>) -> std::io::Result<()> {
    let request = read(&stream, hub)?;
    let mut hub = hub.lock().expect("unpoisoned");
    if hub.status != 0 {
        return write!(
            stream,
            "HTTP/1.1 {} Odd\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
            hub.status
        );
    }
    if request.path.starts_with("/api/models/") {
        return stream.write_all(listing(&hub, &request.path).as_bytes());
    }
    let name = request.path.rsplit('/').next().unwrap_or("").to_owned();
    let safe = name.replace(".bin", ".safetensors");
    let Some(content) = hub.files.get(&safe).cloned() else {
        return write!(
            stream,
            "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        );
    };
    // As on the hub: large files have their SHA-256 as ETag, small ones git's hash.
    let etag = if safe.ends_with(".safetensors") { sha256(&content) } else { git(&content) };
    if hub.redirected.contains(&name) && !request.path.starts_with("/elsewhere/") {
        return write!(
            stream,
            "HTTP/1.1 302 Found\r\nLocation: http://{}/elsewhere/{name}\r\nX-Linked-Etag: \"{etag}\"\r\n\
             X-Repo-Commit: {COMMIT}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
            request.host
        );
    }
    let from = request.range.unwrap_or(0);
    if from >= content.len() {
        return write!(
            stream,
            "HTTP/1.1 416 Range\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        );
    }
    let to = if request.one_byte { from + 1 } else { content.len() };
    let mut body = content[from..to].to_vec();
    if hub.corrupt.contains(&name) && !request.one_byte {
        body[0] ^= 1;
    }
    write!(
        stream,
        "HTTP/1.1 206 Partial\r\nContent-Range: bytes {from}-{}/{}\r\nContent-Length: {}\r\nETag: \"{etag}\"\r\n\
         X-Repo-Commit: {COMMIT}\r\nConnection: close\r\n\r\n",
        to - 1,
        content.len(),
        body.len()
    )?;
    let cut = hub.cuts.iter().position(|(file, _)| *file == name && !request.one_byte);
    let length = cut.map_or(body.len(), |i| hub.cuts.remove(i).1.min(body.len()));
    stream.write_all(&body[..length])
}

fn listing(hub: &Hub, path: &str) -> String {
    let pickled = hub.converted && path.ends_with("/main");
    let rename =
        |name: &String| if pickled { name.replace(".safetensors", ".bin") } else { name.clone() };
    let siblings: Vec<_> =
        hub.files.keys().map(|n| serde_json::json!({"rfilename": rename(n)})).collect();
    let body = serde_json::json!({"siblings": siblings, "sha": COMMIT}).to_string();
    format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
}
