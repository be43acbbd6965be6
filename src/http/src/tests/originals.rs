//! The files themselves: only as they were indexed, only as pictures.

use std::fs::{self, File};
use std::path::Path;
use std::time::{Duration, SystemTime};

use super::harness::{Server, fixtures};

fn path(server: &Server, name: &str) -> String {
    format!("/api/photos/{}/original", server.id_of(name))
}

#[test]
fn an_original_comes_byte_for_byte() {
    let server = Server::start();
    let answer = server.get(&path(&server, "0_landscape.jpg"));
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), Some("image/jpeg"));
    assert_eq!(answer.header("content-disposition"), Some("inline; filename=\"0_landscape.jpg\""));
    assert_eq!(answer.header("accept-ranges"), Some("bytes"));
    assert!(answer.header("content-security-policy").unwrap().contains("sandbox"));
    assert_eq!(answer.body, fs::read(fixtures().join("images/0_landscape.jpg")).unwrap());
}

#[test]
fn a_part_can_be_asked_for() {
    let server = Server::start();
    let path = path(&server, "0_landscape.jpg");
    let whole = fs::read(server.photos.join("0_landscape.jpg")).unwrap();
    let part = |range: &str, more: &str| {
        server.send(&format!("GET {path}"), &format!("Range: {range}\r\n{more}"), b"")
    };
    let some = part("bytes=10-19", "");
    assert_eq!((some.status, some.body.as_slice()), (206, &whole[10..20]));
    assert_eq!(some.header("content-range"), Some(&*format!("bytes 10-19/{}", whole.len())));
    assert_eq!(part("bytes=-5", "").body, whole[whole.len() - 5..]);
    assert_eq!(part("bytes=5-", "").body, whole[5..]);
    assert_eq!(part("bytes=0-1,4-5", "").status, 200);
    assert_eq!(part("bytes=0-1", "If-Range: \"other\"\r\n").status, 200);
    assert_eq!(part("lines=0-1", "").status, 200);
    assert_eq!(part("bytes=99999999-", "").error_code(), "range_not_satisfiable");
}

#[test]
fn a_known_version_is_not_sent_again() {
    let server = Server::start();
    let path = path(&server, "3_gray.png");
    let tag = server.get(&path).header("etag").unwrap().to_owned();
    let again = server.send(&format!("GET {path}"), &format!("If-None-Match: {tag}\r\n"), b"");
    assert_eq!((again.status, again.body.len()), (304, 0));
}

#[test]
fn a_touched_file_is_still_the_photo() {
    let server = Server::start();
    let path = path(&server, "3_gray.png");
    let file = File::options().write(true).open(server.photos.join("3_gray.png")).unwrap();
    file.set_modified(SystemTime::now() + Duration::from_secs(100)).unwrap();
    assert_eq!(server.get(&path).status, 200);
}

#[test]
fn a_changed_or_removed_file_is_not_sent() {
    let server = Server::start();
    let changed = path(&server, "3_gray.png");
    let file = server.photos.join("3_gray.png");
    let mut bytes = fs::read(&file).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    fs::write(&file, bytes).unwrap();
    assert_eq!(server.get(&changed).error_code(), "file_gone");

    let removed = path(&server, "5_palette.png");
    fs::remove_file(server.photos.join("5_palette.png")).unwrap();
    assert_eq!(server.get(&removed).error_code(), "file_gone");
    fs::create_dir(server.photos.join("5_palette.png")).unwrap();
    assert_eq!(server.get(&removed).error_code(), "file_gone");
}

/// Sets a file's modification time back to what it was.
fn restore_time(path: &Path, time: SystemTime) {
    File::options().write(true).open(path).unwrap().set_modified(time).unwrap();
}

#[cfg(unix)]
#[test]
fn other_content_of_the_same_size_and_time_is_not_sent() {
    let server = Server::start();
    let file = server.photos.join("3_gray.png");
    let (was, path) = (fs::metadata(&file).unwrap(), path(&server, "3_gray.png"));
    std::thread::sleep(Duration::from_millis(20));
    fs::write(&file, vec![b's'; was.len() as usize]).unwrap();
    restore_time(&file, was.modified().unwrap());
    assert_eq!(server.get(&path).error_code(), "file_gone");
    let thumbnail = path.replace("original", "thumbnail?size=2000");
    assert_eq!(server.get(&thumbnail).error_code(), "file_gone", "nor made into a thumbnail");
}

#[cfg(unix)]
#[test]
fn a_link_out_of_the_folder_is_followed_only_if_the_indexer_did() {
    use std::os::unix::fs::symlink;
    let server = Server::start();
    let outside = tempfile::tempdir().unwrap();
    let out = outside.path();
    // The same content and time behind a link that is put there later: of the file,
    let (gray, palette) = (path(&server, "3_gray.png"), path(&server, "5_palette.png"));
    let file = server.photos.join("3_gray.png");
    fs::copy(&file, out.join("gray.png")).unwrap();
    restore_time(&out.join("gray.png"), fs::metadata(&file).unwrap().modified().unwrap());
    fs::remove_file(&file).unwrap();
    symlink(out.join("gray.png"), &file).unwrap();
    assert_eq!(server.get(&gray).error_code(), "file_gone");
    // and of the whole folder.
    for entry in fs::read_dir(&server.photos).unwrap() {
        let from = entry.unwrap().path();
        let _ = fs::copy(&from, out.join(from.file_name().unwrap()));
    }
    fs::remove_dir_all(&server.photos).unwrap();
    symlink(out, &server.photos).unwrap();
    assert_eq!(server.get(&palette).error_code(), "file_gone");
    fs::remove_file(&server.photos).unwrap();

    // Behind a link that was there when it was indexed.
    fs::create_dir(&server.photos).unwrap();
    symlink(out, server.photos.join("linked")).unwrap();
    server.add("linked/tiny.ppm", b"P6 1 1 255 \x01\x02\x03");
    assert_eq!(server.get(&path(&server, "linked/tiny.ppm")).status, 200);
}

#[cfg(unix)]
#[test]
fn a_pipe_put_in_its_place_does_not_wait_for_a_writer() {
    let server = Server::start();
    let (file, path) = (server.photos.join("3_gray.png"), path(&server, "3_gray.png"));
    fs::remove_file(&file).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(&file).status().unwrap().success());
    assert_eq!(server.get(&path).error_code(), "file_gone");
}

#[cfg(unix)]
#[test]
fn a_link_put_in_its_place_is_not_followed_to_other_content() {
    let server = Server::start();
    let path = path(&server, "3_gray.png");
    let secret = server.photos.join("../secret-of-this-test");
    let length = fs::metadata(server.photos.join("3_gray.png")).unwrap().len() as usize;
    fs::write(&secret, vec![b's'; length]).unwrap();
    fs::remove_file(server.photos.join("3_gray.png")).unwrap();
    std::os::unix::fs::symlink(&secret, server.photos.join("3_gray.png")).unwrap();
    let answer = server.get(&path);
    fs::remove_file(&secret).unwrap();
    assert_eq!(answer.error_code(), "file_gone");
}

#[test]
fn view_leaves_what_browsers_show_as_it_is() {
    let server = Server::start();
    let answer = server.get(&format!("{}?view=1", path(&server, "3_gray.png")));
    assert_eq!(answer.header("content-type"), Some("image/png"));
    assert_eq!(server.get(&format!("{}?width=1", path(&server, "3_gray.png"))).status, 400);
}

#[test]
fn what_browsers_do_not_show_comes_as_a_jpeg_on_request() {
    let server = Server::start();
    server.add("tiny.ppm", b"P6 2 1 255 \xff\0\0\0\0\xff");
    let path = path(&server, "tiny.ppm");
    let file = server.get(&path);
    assert_eq!(file.header("content-type"), Some("image/x-portable-anymap"));
    assert!(file.body.starts_with(b"P6"));
    let view = server.get(&format!("{path}?view=1"));
    assert_eq!(view.header("content-type"), Some("image/jpeg"));
    assert!(view.body.starts_with(&[0xff, 0xd8, 0xff]));
}

#[test]
fn a_name_with_quotes_and_letters_of_any_kind_is_safe() {
    let server = Server::start();
    server.add("a\"b é.ppm", b"P6 1 1 255 \0\0\0");
    let answer = server.get(&path(&server, "a\"b é.ppm"));
    assert_eq!(
        answer.header("content-disposition"),
        Some("inline; filename=\"a_b _.ppm\"; filename*=UTF-8''a_b%20%C3%A9.ppm")
    );
}
