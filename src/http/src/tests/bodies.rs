//! What comes in is counted before it is read.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use super::harness::{Server, Wanted};
use crate::Limits;

const MIB: usize = 1 << 20;

fn server() -> Server {
    let limits = Limits {
        max_body_bytes: 4 * MIB,
        body_memory: 20 * MIB,
        patience: Duration::from_secs(60),
        ..Limits::default()
    };
    Server::with(Wanted { limits, pictures: false, model: false, ..Default::default() })
}

/// Sends a head only; the body is to follow.
fn begin(server: &Server, head: &str) -> TcpStream {
    let mut stream = TcpStream::connect(server.address).unwrap();
    let text = format!(
        "POST /api/search HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\n{head}\r\n",
        server.address
    );
    stream.write_all(text.as_bytes()).unwrap();
    stream
}

fn status(stream: &mut TcpStream) -> u16 {
    let mut head = [0; 12];
    stream.read_exact(&mut head).unwrap();
    std::str::from_utf8(&head[9..]).unwrap().parse().unwrap()
}

fn wait_for(server: &Server, free: usize) {
    while server.state.bodies.free() != free {
        std::thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn a_length_above_the_limit_is_refused_unread() {
    let server = server();
    for length in [4 * MIB as u64 + 1, 1 << 40] {
        // Not one byte of the body is sent, so an answer means that none was waited for.
        let mut stream = begin(&server, &format!("Content-Length: {length}\r\n"));
        assert_eq!(status(&mut stream), 413);
    }
    assert_eq!(server.state.bodies.free(), 20 * MIB);
}

#[test]
fn many_slow_bodies_share_one_room() {
    let server = server();
    let head = format!("Content-Length: {}\r\n", 4 * MIB);
    // Each of them takes 8 MiB before a byte of it has come; a third finds no room.
    let slow = [begin(&server, &head), begin(&server, &head)];
    wait_for(&server, 4 * MIB);
    for _ in 0..48 {
        let mut refused = begin(&server, &head);
        assert_eq!(status(&mut refused), 429);
    }
    assert_eq!(server.state.bodies.free(), 4 * MIB);
    // Small ones still pass, and whoever leaves gives the room back.
    assert_eq!(server.post("/api/search", "{}").status, 200);
    drop(slow);
    wait_for(&server, 20 * MIB);
    assert_eq!(server.post("/api/search", "{}").status, 200);
}

#[test]
fn a_body_without_a_length_takes_room_as_it_grows() {
    let server = server();
    let mut stream = begin(&server, "Transfer-Encoding: chunked\r\n");
    let chunk = format!("{MIB:x}\r\n{}\r\n", " ".repeat(MIB));
    for _ in 0..3 {
        stream.write_all(chunk.as_bytes()).unwrap();
    }
    while server.state.bodies.free() > 14 * MIB {
        std::thread::sleep(Duration::from_millis(1));
    }
    // At most twice the limit, whatever is sent; each step is rounded up to a KiB.
    assert!(server.state.bodies.free() > 12 * MIB - (64 << 10));
    for _ in 0..2 {
        // The server may close while this is being written.
        let _ = stream.write_all(chunk.as_bytes());
    }
    assert_eq!(status(&mut stream), 413);
    wait_for(&server, 20 * MIB);
}

#[test]
fn a_search_holds_the_room_of_its_body_until_it_is_over() {
    let limits = Limits { searches_at_once: 1, body_memory: 4 * MIB, ..Limits::default() };
    let server = Server::with(Wanted { limits, pictures: false, ..Default::default() });
    let held = actix_web::rt::System::new().block_on(server.state.searches.enter()).unwrap();
    let body = format!("{{\"query\": \"\"{}}}", " ".repeat(MIB));
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| server.post("/api/search", &body).status);
        while server.state.searches.in_line() == 0 {
            std::thread::sleep(Duration::from_millis(1));
        }
        assert!(server.state.bodies.free() <= 2 * MIB);
        drop(held);
        assert_eq!(waiting.join().unwrap(), 200);
    });
    wait_for(&server, 4 * MIB);
}
