//! Originals and records for others, under the switch that strips what photos say of themselves.

use seer_images::strip_bytes;

use super::harness::{Answer, Server, Wanted};

/// The connection is the server's own user's; this header says that another machine is behind it.
const OTHER: &str = "X-Forwarded-For: 10.0.0.9\r\n";

fn server() -> Server {
    Server::with(Wanted { strip_metadata: true, ..Default::default() })
}

/// The fixture picture with a position, a comment and a preview behind it.
pub(super) fn add_private(server: &Server, name: &str) -> Vec<u8> {
    let plain = std::fs::read(server.photos.join("0_landscape.jpg")).unwrap();
    let exif = gps_block();
    let length = (exif.len() as u16 + 8).to_be_bytes();
    let bytes = [
        &plain[..2],
        b"\xff\xe1",
        &length,
        b"Exif\0\0",
        &exif,
        b"\xff\xfe\x00\x09PRIVATE",
        &plain[2..],
        b"PRIVATE preview",
    ]
    .concat();
    server.add(name, &bytes);
    bytes
}

/// EXIF with a position: 48 N, 11 E.
fn gps_block() -> Vec<u8> {
    let mut block = b"II*\0\x08\0\0\0\x01\0\x25\x88\x04\0\x01\0\0\0\x1a\0\0\0\0\0\0\0".to_vec();
    block.extend_from_slice(b"\x04\0");
    block.extend_from_slice(b"\x01\0\x02\0\x02\0\0\0N\0\0\0");
    block.extend_from_slice(b"\x02\0\x05\0\x03\0\0\0\x50\0\0\0");
    block.extend_from_slice(b"\x03\0\x02\0\x02\0\0\0E\0\0\0");
    block.extend_from_slice(b"\x04\0\x05\0\x03\0\0\0\x68\0\0\0");
    block.extend_from_slice(&[0; 4]);
    for degrees in [48u32, 11] {
        for number in [degrees, 0, 0] {
            block.extend_from_slice(&number.to_le_bytes());
            block.extend_from_slice(&1u32.to_le_bytes());
        }
    }
    block
}

fn ask(server: &Server, path: &str, head: &str) -> Answer {
    server.send_with_token(&format!("GET {path}"), head, b"")
}

fn path(server: &Server, name: &str, more: &str) -> String {
    format!("/api/photos/{}{more}", server.id_of(name))
}

#[test]
fn others_get_the_picture_without_what_it_says() {
    let server = server();
    let bytes = add_private(&server, "private.jpg");
    let path = path(&server, "private.jpg", "/original");
    let own = ask(&server, &path, "");
    assert_eq!(own.body, bytes);
    let others = ask(&server, &path, OTHER);
    assert_eq!((others.status, &others.body), (200, &strip_bytes(&bytes).unwrap()));
    assert!(!others.body.windows(7).any(|part| part == b"PRIVATE"));
    assert!(!others.body.windows(4).any(|part| part == b"Exif"));
    assert_eq!(others.header("content-type"), Some("image/jpeg"));
    // Two versions of one file never share a tag.
    assert_ne!(own.header("etag"), others.header("etag"));
}

#[test]
fn parts_and_tags_are_those_of_the_stripped_file() {
    let server = server();
    let bytes = add_private(&server, "private.jpg");
    let path = path(&server, "private.jpg", "/original");
    let whole = strip_bytes(&bytes).unwrap();
    let part = |range: &str| ask(&server, &path, &format!("{OTHER}Range: bytes={range}\r\n"));
    for (range, expected) in [
        ("0-0", &whole[..1]),
        ("1-100", &whole[1..101]),
        ("-7", &whole[whole.len() - 7..]),
        ("30-", &whole[30..]),
    ] {
        let answer = part(range);
        assert_eq!((answer.status, answer.body.as_slice()), (206, expected), "{range}");
        let total = format!("/{}", whole.len());
        assert!(answer.header("content-range").unwrap().ends_with(&total), "{range}");
    }
    assert_eq!(part(&format!("{}-", whole.len())).error_code(), "range_not_satisfiable");
    let tag = ask(&server, &path, OTHER).header("etag").unwrap().to_owned();
    let again = ask(&server, &path, &format!("{OTHER}If-None-Match: {tag}\r\n"));
    assert_eq!((again.status, again.body.len()), (304, 0));
    let own = ask(&server, &path, &format!("If-None-Match: {tag}\r\n"));
    assert_eq!((own.status, own.body), (200, bytes));
}

#[test]
fn what_cannot_be_stripped_is_shown_as_a_rendering() {
    let server = server();
    server.add("tiny.ppm", b"P6 #PRIVATE\n2 1 255 \xff\0\0\0\0\xff");
    let path = path(&server, "tiny.ppm", "/original");
    let answer = ask(&server, &path, OTHER);
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("image/jpeg")));
    assert!(!answer.body.windows(7).any(|part| part == b"PRIVATE"));
    assert_eq!(answer.header("cache-control"), Some("private, no-cache"));
    assert!(ask(&server, &path, "").body.starts_with(b"P6 #PRIVATE"));
}

#[test]
fn others_learn_no_position_in_any_way() {
    let server = server();
    add_private(&server, "private.jpg");
    let record = path(&server, "private.jpg", "");
    let search = "/api/search?q=name:private";
    for path in [record.as_str(), search] {
        let holds = |head| {
            let body = ask(&server, path, head).body;
            String::from_utf8(body).unwrap().contains("\"latitude\":48.0")
        };
        assert!(holds(""), "{path}");
        assert!(!holds(OTHER), "{path}");
    }
    for query in ["near:48,11", "-near:48,11,100km", "kite+near:48,11", "place:munich+ext:jpg"] {
        for path in ["/api/search?k=1&q=", "/api/facets?q="] {
            let path = format!("{path}{query}");
            assert_eq!(ask(&server, &path, OTHER).error_code(), "not_shared", "{path}");
            assert_eq!(ask(&server, &path, "").status, 200, "{path}");
        }
    }
    let alone = "/api/duplicates?q=near:48,11";
    assert_eq!(ask(&server, alone, OTHER).error_code(), "not_shared");
    assert_eq!(ask(&server, alone, "").status, 200);
}

#[test]
fn without_the_switch_nothing_is_taken_out() {
    let server = Server::start();
    let bytes = add_private(&server, "private.jpg");
    assert_eq!(ask(&server, &path(&server, "private.jpg", "/original"), OTHER).body, bytes);
}
