//! Who gets at what: files, tokens, other users of the machine, and memory, with the real program.
#![cfg(target_os = "linux")]

mod support;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use support::{Place, Server};

const TOKEN: &str = "a-token-of-this-test";
/// A user that owns nothing on any machine.
const STRANGER: u32 = 65_533;

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).expect("metadata").permissions().mode() & 0o777
}

/// Every file and folder below.
fn all_below(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("folder") {
        let path = entry.expect("entry").path();
        if path.is_dir() {
            found.extend(all_below(&path));
        }
        found.push(path);
    }
    found
}

/// `host:port` of a server.
fn host(server: &Server) -> String {
    server.url.trim_start_matches("http://").split('/').next().expect("host").to_owned()
}

/// A whole answer to a request with these headers, as text.
fn ask(server: &Server, line: &str, headers: &str) -> String {
    let host = host(server);
    let mut stream = TcpStream::connect(&host).expect("connection");
    let text = format!("{line} HTTP/1.1\r\nHost: {host}\r\n{headers}Connection: close\r\n\r\n");
    stream.write_all(text.as_bytes()).expect("request");
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

#[test]
fn a_library_is_readable_by_its_owner_only() {
    let place = Place::with_pictures();
    // A library that an older seer made, open to everybody.
    std::fs::create_dir_all(place.library().join("keywords")).expect("folder");
    for folder in [place.library(), place.library().join("keywords")] {
        std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o755)).expect("mode");
    }
    place.index();
    let server = place.serve(&[]);
    let id = server.get("api/search?k=1")["hits"][0]["photo"]["id"].clone();
    let thumbnail = format!("GET /api/photos/{}/thumbnail", id.as_str().expect("id"));
    assert!(ask(&server, &thumbnail, "").starts_with("HTTP/1.1 200"));
    assert_eq!(mode(&place.library()), 0o700);
    let paths = all_below(&place.library());
    assert!(paths.iter().any(|path| path.ends_with("server.json")));
    assert!(paths.iter().any(|path| path.extension().is_some_and(|end| end == "jpg")));
    for path in paths {
        if path != place.library().join("keywords") {
            assert_eq!(mode(&path) & 0o077, 0, "{}", path.display());
        }
    }
}

#[test]
fn a_token_in_the_arguments_is_not_in_the_list_of_processes() {
    for argument in [vec!["--token", TOKEN], vec![concat!("--token=", "a-token-of-this-test")]] {
        let place = Place::empty();
        let server = place.serve(&[&argument[..], &["--quiet"]].concat());
        let list = std::fs::read(format!("/proc/{}/cmdline", server.id())).expect("arguments");
        let list = String::from_utf8_lossy(&list);
        assert!(list.contains("serve") && list.contains("--quiet"), "{list}");
        assert!(!list.contains("token"), "{list}");
        // It is still the token.
        let with = format!("Authorization: Bearer {TOKEN}\r\n");
        assert!(ask(&server, "DELETE /api/index", &with).starts_with("HTTP/1.1 202"));
    }
}

#[test]
fn a_token_can_come_from_a_file_and_has_to_be_long() {
    let place = Place::empty();
    let file = place.library().with_file_name("token");
    std::fs::write(&file, format!("{TOKEN}\n")).expect("token file");
    let file = file.to_str().expect("text path");
    let server = place.serve(&["--token-file", file]);
    let with = format!("Authorization: Bearer {TOKEN}\r\n");
    assert!(ask(&server, "DELETE /api/index", &with).starts_with("HTTP/1.1 202"));
    drop(server);
    let short = place.seer(&["serve", "--token", "fifteen-letters"]);
    assert_eq!(short.code, 2);
    assert!(short.err.contains("16 to 200 letters"), "{short:?}");
    assert!(!short.err.contains("fifteen"), "{short:?}");
}

#[test]
fn the_token_stands_in_no_line_that_is_printed() {
    let place = Place::empty();
    let printed = place.library().with_file_name("printed");
    let output = std::fs::File::create(&printed).expect("file");
    let mut child = place
        .command(&["serve", "--json", "-v", "--address", "0.0.0.0:0"])
        .env("SEER_TOKEN", TOKEN)
        .stdout(output.try_clone().expect("file"))
        .stderr(output)
        .spawn()
        .expect("seer starts");
    let text = || std::fs::read_to_string(&printed).expect("text");
    while !text().contains("\"ready\"") {
        std::thread::sleep(Duration::from_millis(20));
    }
    let ready = text();
    let port = ready.split("0.0.0.0:").nth(1).and_then(|rest| rest.split(['/', '"']).next());
    let host = format!("127.0.0.1:{}", port.expect("port"));
    for (target, headers) in [
        (format!("/?token={TOKEN}"), String::new()),
        (format!("/api/search?token={TOKEN}"), String::new()),
        (format!("/api/{TOKEN}"), format!("Authorization: Bearer {TOKEN}x\r\n")),
        ("/api/search?q=x".into(), format!("Authorization: Bearer {TOKEN}\r\n")),
        ("/%zz".into(), format!("Cookie: seer_token_1={TOKEN}\r\n")),
    ] {
        let mut stream = TcpStream::connect(&host).expect("connection");
        let request =
            format!("GET {target} HTTP/1.1\r\nHost: {host}\r\n{headers}Connection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).expect("request");
        let mut answer = String::new();
        let _ = stream.read_to_string(&mut answer);
        let location = answer.lines().find(|line| line.starts_with("location:"));
        assert!(!location.unwrap_or("").contains(TOKEN), "{answer}");
    }
    let _ = child.kill();
    let _ = child.wait();
    assert!(!text().contains(TOKEN), "{}", text());
}

/// The status another user of this machine gets, by the tool that comes with the test's shell.
fn status_for_stranger(server: &Server, method: &str, path: &str, headers: &str) -> String {
    let script = format!(
        "exec 3<>/dev/tcp/{}; printf '%s {path} HTTP/1.1\\r\\nHost: %s\\r\\n{headers}Connection: \
         close\\r\\n\\r\\n' {method} {} >&3; head -1 <&3",
        host(server).replace(':', "/"),
        host(server),
    );
    let output = Command::new("bash")
        .args(["-c", &script])
        .uid(STRANGER)
        .gid(STRANGER)
        .current_dir("/")
        .stdin(Stdio::null())
        .output()
        .expect("bash runs");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

#[test]
fn another_user_of_the_machine_needs_the_token() {
    if !is_root() {
        println!("skipped: only root can ask as another user");
        return;
    }
    let place = Place::with_pictures();
    place.index();
    let server = place.serve(&["--token", TOKEN]);
    assert!(ask(&server, "GET /api/status", "").starts_with("HTTP/1.1 200"));
    let as_stranger =
        |path: &str, headers: &str| status_for_stranger(&server, "GET", path, headers);
    for path in ["/api/status", "/api/search", "/api/failures", "/api/index"] {
        assert_eq!(as_stranger(path, ""), "HTTP/1.1 401 Unauthorized", "{path}");
    }
    assert_eq!(as_stranger("/health", ""), "HTTP/1.1 200 OK");
    let with = format!("Authorization: Bearer {TOKEN}\\r\\n");
    assert_eq!(as_stranger("/api/status", &with), "HTTP/1.1 200 OK");
}

fn is_root() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").expect("status");
    let line = status.lines().find(|line| line.starts_with("Uid:")).expect("user");
    line.split_ascii_whitespace().nth(2) == Some("0")
}

#[test]
fn large_bodies_of_many_do_not_fill_the_memory() {
    const LENGTH: usize = 60 << 20;
    let place = Place::empty();
    let server = place.serve(&[]);
    let host = host(&server);
    // 50 bodies of 60 MiB at once: 3 GB, if all were held.
    let answers: Vec<String> = std::thread::scope(|scope| {
        let send = || {
            let mut stream = TcpStream::connect(&host).expect("connection");
            let head = format!(
                "POST /api/search HTTP/1.1\r\nHost: {host}\r\nContent-Type: image/jpeg\r\n\
                 Content-Length: {LENGTH}\r\nConnection: close\r\n\r\n"
            );
            stream.write_all(head.as_bytes()).expect("head");
            let piece = vec![7; 1 << 20];
            // A server that refuses early closes while we still write: its answer counts.
            let _ = (0..LENGTH / piece.len()).try_for_each(|_| stream.write_all(&piece));
            let mut answer = Vec::new();
            let _ = stream.read_to_end(&mut answer);
            String::from_utf8_lossy(&answer[..answer.len().min(12)]).into_owned()
        };
        let senders: Vec<_> = (0..50).map(|_| scope.spawn(send)).collect();
        senders.into_iter().map(|sender| sender.join().expect("sender")).collect()
    });
    let served = answers.iter().filter(|answer| answer.ends_with("422")).count();
    println!("{served} of 50 bodies were read");
    assert!(served >= 1, "{answers:?}");
    let peak = peak_memory(server.id());
    println!("at most {} MiB", peak >> 10);
    assert!(peak < 512 << 10, "{} MiB", peak >> 10);
}

/// The most memory a process had, in KiB.
fn peak_memory(process: u32) -> usize {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).expect("status");
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).expect("peak");
    line.split_ascii_whitespace().nth(1).and_then(|text| text.parse().ok()).expect("number")
}
