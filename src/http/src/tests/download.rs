//! Several photos as one archive.

use std::io::{Cursor, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::json;
use zip::ZipArchive;

use super::harness::{Answer, Server, Wanted, impatient};
use super::stripped::add_private;
use crate::Limits;

/// The body of an answer in chunks, put together.
fn whole(answer: &Answer) -> Vec<u8> {
    let (mut rest, mut body) = (answer.body.as_slice(), Vec::new());
    loop {
        let end = rest.windows(2).position(|two| two == b"\r\n").expect("the size of a chunk");
        let size = usize::from_str_radix(std::str::from_utf8(&rest[..end]).unwrap(), 16).unwrap();
        if size == 0 {
            return body;
        }
        body.extend_from_slice(&rest[end + 2..end + 2 + size]);
        rest = &rest[end + 4 + size..];
    }
}

fn opened(answer: &Answer) -> ZipArchive<Cursor<Vec<u8>>> {
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), Some("application/zip"));
    assert_eq!(answer.header("content-disposition"), Some("attachment; filename=\"photos.zip\""));
    ZipArchive::new(Cursor::new(whole(answer))).unwrap()
}

fn entry(archive: &mut ZipArchive<Cursor<Vec<u8>>>, name: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    archive.by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
    bytes
}

#[test]
fn the_files_come_as_they_are_and_what_is_gone_is_named() {
    let server = Server::start();
    let names = ["0_landscape.jpg", "1_portrait.png"];
    let [first, second] = names.map(|name| server.id_of(name).to_string());
    let original = std::fs::read(server.photos.join(names[0])).unwrap();
    std::fs::remove_file(server.photos.join(names[1])).unwrap();
    let unknown = "0".repeat(64);
    let body = json!({ "photos": [first, second, unknown] }).to_string();
    let mut archive = opened(&server.post("/api/download", &body));
    let found: Vec<String> = archive.file_names().map(|name| name.unwrap().into_owned()).collect();
    assert_eq!(found.len(), 2, "{found:?}");
    assert_eq!(entry(&mut archive, names[0]), original);
    let note = String::from_utf8(entry(&mut archive, "not included.txt")).unwrap();
    assert!(note.contains(&second) && note.contains(&unknown) && !note.contains(&first), "{note}");
}

#[test]
fn a_form_gives_the_same() {
    let server = Server::start();
    let id = server.id_of("0_landscape.jpg");
    let head = "Content-Type: application/x-www-form-urlencoded\r\n";
    let answer = server.send("POST /api/download", head, format!("photo={id}").as_bytes());
    let mut archive = opened(&answer);
    let original = std::fs::read(server.photos.join("0_landscape.jpg")).unwrap();
    assert_eq!(entry(&mut archive, "0_landscape.jpg"), original);
}

#[test]
fn private_facts_stay_where_they_are_stripped() {
    let server = Server::with(Wanted { strip_metadata: true, ..Default::default() });
    let private = add_private(&server, "private.jpg");
    let id = server.id_of("private.jpg");
    let head = "Content-Type: application/x-www-form-urlencoded\r\nX-Forwarded-For: 10.0.0.9\r\n";
    let body = format!("photo={id}");
    let answer = server.send_with_token("POST /api/download", head, body.as_bytes());
    let stripped = entry(&mut opened(&answer), "private.jpg");
    let head = "X-Forwarded-For: 10.0.0.9\r\n";
    let alone = server.send_with_token(&format!("GET /api/photos/{id}/original"), head, b"");
    assert!(stripped == alone.body && stripped != private);
    assert!(!stripped.windows(7).any(|run| run == b"PRIVATE"));
}

#[test]
fn who_does_not_read_holds_no_place() {
    let limits = Limits { downloads_at_once: 1, ..impatient() };
    let server = Server::with(Wanted { limits, ..Default::default() });
    // More than sockets hold back by themselves.
    let small = std::fs::read(server.photos.join("0_landscape.jpg")).unwrap();
    server.add("large.jpg", &[&small[..], &vec![0; 64 << 20]].concat());
    let body = json!({ "photos": [server.id_of("large.jpg").to_string()] }).to_string();
    let mut stalled = TcpStream::connect(server.address).unwrap();
    let head =
        "POST /api/download HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
    let request = format!("{head}Content-Length: {}\r\n\r\n{body}", body.len());
    stalled.write_all(request.as_bytes()).unwrap();
    stalled.read_exact(&mut [0; 12]).unwrap();

    let small = json!({ "photos": [server.id_of("0_landscape.jpg").to_string()] }).to_string();
    let start = Instant::now();
    while server.post("/api/download", &small).status != 200 {
        assert!(start.elapsed() < Duration::from_secs(60), "the place is never free again");
        std::thread::sleep(Duration::from_millis(50));
    }
    let mut rest = Vec::new();
    let end = stalled.read_to_end(&mut rest);
    assert!(end.is_err() || !rest.ends_with(b"0\r\n\r\n"), "half an archive looks whole");
}
