//! Manners of the command line: words with hyphens, completions, the manual, help, health.

mod support;

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::process::Stdio;

use support::Place;

#[test]
fn excluded_words_need_no_dashes_before_them() {
    let place = Place::with_pictures();
    place.index();
    let with = place.seer(&["search", "--all", "-k", "50", "--", "picture", "-ext:png"]);
    for arguments in [
        &["search", "picture", "-ext:png", "-k", "50", "--all"][..],
        &["search", "-k", "50", "picture", "--all", "-ext:png"],
    ] {
        let ran = place.seer(arguments);
        assert_eq!((ran.code, &ran.out), (0, &with.out), "{arguments:?}: {ran:?}");
    }
    assert!(!with.out.is_empty() && !with.out.contains(".png"), "{with:?}");
    let wrong = place.seer(&["index", "-people"]);
    assert_eq!(wrong.code, 2, "no query: {wrong:?}");
}

#[test]
fn shells_are_completed_and_the_manual_is_printed() {
    let place = Place::empty();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let ran = place.seer(&["completions", shell]);
        assert!(ran.code == 0 && ran.out.contains("duplicates"), "{shell}: {ran:?}");
    }
    let page = place.seer(&["man"]);
    assert!(page.code == 0 && page.out.starts_with(".ie") && page.out.contains("seer"), "{page:?}");
    let folder = place.photos().join("man");
    let written = place.seer(&["man", "--to", folder.to_str().expect("text path")]);
    assert_eq!(written.code, 0, "{written:?}");
    for name in ["seer.1", "seer-search.1", "seer-models-pull.1"] {
        let page = std::fs::read_to_string(folder.join(name)).expect(name);
        assert!(page.contains(".SH"), "{name}");
    }
    assert!(!place.library().exists(), "none of it begins a library");
}

#[test]
fn health_is_the_server_s() {
    let place = Place::with_pictures();
    place.index();
    let none = place.seer(&["health"]);
    assert!(none.code == 2 && none.err.contains("next: seer serve"), "{none:?}");
    let server = place.serve(&[]);
    let ran = place.seer(&["health"]);
    assert!(ran.code == 0 && ran.out.starts_with("ok "), "{ran:?}");
    drop(server);
}

#[test]
fn help_begins_with_a_command_s_own_options() {
    let place = Place::empty();
    let help = place.seer(&["index", "--help"]).out;
    let own = help.find("--explain-skips").expect("its own");
    let shared = help.find("Options of every command").expect("the others");
    assert!(own < shared && shared < help.find("--library").expect("of every command"), "{help}");
}

#[test]
fn the_log_is_json_where_that_is_asked_for() {
    let place = Place::with_pictures();
    place.index();
    let none = place.seer(&["--log-format", "json", "search", "nosuch.jpg"]);
    let line: serde_json::Value = serde_json::from_str(none.err.trim()).expect("JSON");
    assert!(line["message"].as_str().is_some_and(|text| text.contains("nosuch.jpg")), "{none:?}");

    let log = place.photos().with_file_name("log");
    let mut server = place
        .command(&["serve", "--json", "--address", "127.0.0.1:0", "--log-format", "json"])
        .stdout(Stdio::piped())
        .stderr(File::create(&log).expect("a log"))
        .spawn()
        .expect("seer starts");
    let mut ready = String::new();
    BufReader::new(server.stdout.take().expect("output")).read_line(&mut ready).expect("a line");
    let ready: serde_json::Value = serde_json::from_str(&ready).expect("JSON");
    let url = ready["url"].as_str().expect("an address");
    let answer = ureq::get(&format!("{url}api/search?q=secretword")).call();
    let answer = answer.or_else(|_| ureq::get(&format!("{url}/api/search?q=secretword")).call());
    let id =
        answer.expect("an answer").headers()["x-request-id"].to_str().expect("text").to_owned();
    server.kill().expect("killed");
    server.wait().expect("gone");
    let text = std::fs::read_to_string(&log).expect("the log");
    let lines = text.lines().map(|line| serde_json::from_str(line).expect("JSON"));
    let lines: Vec<serde_json::Value> = lines.collect();
    let line = lines.iter().find(|line| line["request"] == id.as_str()).expect("its line");
    assert_eq!((&line["route"], &line["status"]), (&"/api/search".into(), &200.into()), "{line}");
    assert!(line["milliseconds"].is_u64() && line["level"] == "info", "{line}");
    assert!(!text.contains("secretword"), "{text}");
}

/// A small picture unlike every other.
fn picture(number: u32) -> Vec<u8> {
    let [a, b, c, d] = number.to_le_bytes();
    let pixel = |at: u32| [a.wrapping_mul(at as u8 | 1), b ^ at as u8, c.wrapping_add(d)];
    let mut bytes = b"P6 64 64 255\n".to_vec();
    bytes.extend((0..64 * 64).flat_map(|at| pixel(at / 64 + at % 64 + number)));
    bytes
}

#[test]
fn other_commands_are_answered_while_a_run_goes_on() {
    let place = Place::empty();
    for number in 0..2000 {
        let file = place.photos().join(format!("{number}.ppm"));
        std::fs::write(file, picture(number)).expect("a picture");
    }
    let photos = place.photos().to_str().expect("text path").to_owned();
    let mut index = place.command(&["index", &photos]);
    index.stdout(Stdio::null()).stderr(Stdio::piped());
    let mut run = index.spawn().expect("seer starts");
    let mut found = false;
    while !found && run.try_wait().expect("a status").is_none() {
        found = place.seer(&["search", "-k", "3"]).code == 0;
    }
    let goes_on = run.try_wait().expect("a status").is_none();
    let second = place.seer(&["index", &photos]);
    let status = place.seer(&["status"]);
    let end = run.wait_with_output().expect("an end");
    assert!(end.status.success(), "{end:?}");
    assert!(found && goes_on, "photos are found before the end of the run");
    assert!(second.code == 2 && second.err.contains("is running on this library"), "{second:?}");
    assert!(status.out.contains("indexing"), "{status:?}");
    let after = place.seer(&["search", "-k", "3"]);
    assert!(after.code == 0 && !place.library().join("server.json").exists(), "{after:?}");
}

#[test]
fn a_library_that_another_process_has_for_a_moment_is_waited_for() {
    let place = Place::with_pictures();
    place.index();
    let file = File::options().write(true).open(place.library().join("catalog/lock"));
    let lock = file.expect("the lock's file");
    lock.lock().expect("the lock");
    let photos = place.photos().to_str().expect("text path").to_owned();
    let (searched, indexed) = std::thread::scope(|scope| {
        let search = scope.spawn(|| place.seer(&["search", "-k", "3"]));
        let index = scope.spawn(|| place.seer(&["index", &photos]));
        std::thread::sleep(std::time::Duration::from_secs(3));
        drop(lock);
        (search.join().expect("an end"), index.join().expect("an end"))
    });
    assert_eq!((searched.code, indexed.code), (0, 0), "{searched:?} {indexed:?}");
    let told = "another seer process has this library";
    assert!(searched.err.contains(told) && indexed.err.contains(told), "{searched:?} {indexed:?}");
}
