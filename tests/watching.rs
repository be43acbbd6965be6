//! Watched folders: photos appear while `seer serve` runs, without any command.

mod support;

use std::fs;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use support::{Place, Server, fixture};

const LIMIT: Duration = Duration::from_secs(120);

/// A place with indexed pictures in a folder that is watched.
fn watched() -> Place {
    let place = Place::with_pictures();
    place.index();
    let ran = place.seer(&["watch", text(&place.photos())]);
    assert_eq!(ran.code, 0, "{ran:?}");
    place
}

fn text(path: &Path) -> &str {
    path.to_str().expect("text path")
}

/// A picture that no other one here is.
fn picture(number: u8) -> Vec<u8> {
    let mut bytes = b"P6 32 24 255\n".to_vec();
    bytes.extend((0..32 * 24 * 3).map(|at| (at as u8).wrapping_mul(number) ^ number));
    bytes
}

fn wait(what: &str, mut done: impl FnMut() -> bool) {
    let start = Instant::now();
    while !done() {
        assert!(start.elapsed() < LIMIT, "{what}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// Paths of the photos of this name.
fn found(server: &Server, name: &str) -> usize {
    let answer = server.get(&format!("api/search?q=name:{name}"));
    answer["hits"].as_array().expect("hits").len()
}

fn watching(server: &Server) -> serde_json::Value {
    server.get("api/status")["watching"].clone()
}

/// Waits until the first look at the whole folder has ended: what comes later is told.
fn begun(server: &Server) {
    wait("the first look", || {
        let status = server.get("api/status");
        status["watching"][0]["how"] == "told"
            && status["indexing"]["running"] == false
            && !status["indexing"]["last"].is_null()
    });
}

#[test]
fn photos_appear_and_go_without_any_command() {
    let place = watched();
    let server = place.serve(&["--sweep", "5"]);
    begun(&server);
    let photos = place.photos();

    // Put there as a whole, in a new folder, and moved there with its folder.
    fs::write(photos.join("appears.ppm"), picture(3)).expect("a photo");
    fs::create_dir_all(photos.join("new/deep")).expect("folders");
    fs::write(photos.join("new/deep/below.ppm"), picture(5)).expect("a photo");
    let outside = place.library().with_file_name("outside");
    fs::create_dir(&outside).expect("folder");
    fs::write(outside.join("moved.ppm"), picture(7)).expect("a photo");
    fs::rename(&outside, photos.join("moved")).expect("moved");
    for name in ["appears.ppm", "below.ppm", "moved.ppm"] {
        wait(name, || found(&server, name) == 1);
    }

    fs::remove_file(photos.join("appears.ppm")).expect("removed");
    wait("it goes with a look at all", || found(&server, "appears.ppm") == 0);
    assert_eq!(found(&server, "below.ppm"), 1);
    assert_eq!(server.interrupt(), 0, "watching ends with the server");
}

#[test]
fn a_file_that_is_written_slowly_is_read_once_and_whole() {
    let place = watched();
    // No look at all comes to help.
    let server = place.serve(&["--sweep", "86400"]);
    begun(&server);
    let run = server.get("api/index")["run"].as_u64();
    let (path, bytes) = (place.photos().join("slow.ppm"), picture(11));
    let mut file = fs::File::create(&path).expect("a file");
    for part in bytes.chunks(bytes.len().div_ceil(12)) {
        file.write_all(part).expect("a part");
        file.flush().expect("written");
        std::thread::sleep(Duration::from_millis(400));
    }
    drop(file);
    wait("the whole photo", || found(&server, "slow.ppm") == 1);
    let indexing = server.wait_until_indexed()["indexing"].clone();
    let finished = &indexing["last"]["finished"];
    assert_eq!((&finished["encoded"], &finished["failed"]), (&1.into(), &0.into()), "{indexing}");
    assert_eq!(indexing["run"].as_u64(), run.map(|run| run + 1), "one run: {indexing}");
    assert!(server.get("api/failures")["failures"].as_array().expect("failures").is_empty());
}

#[test]
fn a_folder_that_vanishes_keeps_its_photos_and_is_watched_again() {
    let place = watched();
    let server = place.serve(&["--sweep", "1"]);
    begun(&server);
    let before = server.get("api/status")["photos"].clone();
    let (photos, away) = (place.photos(), place.library().with_file_name("away"));
    fs::rename(&photos, &away).expect("away");
    wait("it is missed", || watching(&server)[0]["how"] == "away");
    // Time for looks at all, if there were any.
    std::thread::sleep(Duration::from_secs(3));
    assert_eq!(server.get("api/status")["photos"], before);
    // An empty mount point is not the folder.
    fs::create_dir(&photos).expect("empty");
    wait("it is looked at", || watching(&server)[0]["how"] == "told");
    std::thread::sleep(Duration::from_secs(3));
    assert_eq!(server.get("api/status")["photos"], before);
    fs::remove_dir(&photos).expect("removed");
    fs::write(away.join("meanwhile.ppm"), picture(13)).expect("a photo");
    fs::rename(&away, &photos).expect("back");
    wait("what came meanwhile", || found(&server, "meanwhile.ppm") == 1);
    fs::write(photos.join("after.ppm"), picture(17)).expect("a photo");
    wait("what comes after", || found(&server, "after.ppm") == 1);
}

#[test]
fn a_damaged_file_is_read_once_until_it_changes() {
    let place = watched();
    let server = place.serve(&["--sweep", "1"]);
    begun(&server);
    let path = place.photos().join("damaged.png");
    fs::write(&path, b"\x89PNG\r\n\x1a\nno more").expect("a file");
    let failures = || server.get("api/failures")["failures"].clone();
    wait("it fails", || failures().as_array().is_some_and(|all| all.len() == 1));
    let at = failures()[0]["at"].clone();
    std::thread::sleep(Duration::from_secs(4));
    assert_eq!(failures()[0]["at"], at, "it was not tried again");
    fs::write(&path, picture(19)).expect("a photo");
    wait("it is mended", || found(&server, "damaged.png") == 1);
}

#[test]
fn folders_are_watched_when_asked_for_and_no_longer_when_not() {
    let place = Place::with_pictures();
    place.index();
    assert_eq!(place.seer(&["watch"]).code, 1, "none is watched at first");
    let server = place.serve(&["--sweep", "86400"]);
    assert_eq!(server.get("api/roots")["roots"][0]["watch"], false);
    fs::write(place.photos().join("quiet.ppm"), picture(23)).expect("a photo");
    let photos = place.photos();
    let ran = place.seer(&["watch", text(&photos)]);
    assert_eq!(ran.code, 0, "{ran:?}");
    wait("what was there before", || found(&server, "quiet.ppm") == 1);
    assert_eq!(place.seer(&["watch"]).lines(), [text(&photos)]);
    assert!(place.seer(&["status"]).out.contains("watched   "));
    assert_eq!(server.get("api/roots")["roots"][0]["watch"], true);

    // A command has its way while watching goes on.
    fs::write(place.photos().join("both.ppm"), picture(29)).expect("a photo");
    for _ in 0..3 {
        place.index();
    }
    assert_eq!(found(&server, "both.ppm"), 1);

    let ran = place.seer(&["watch", "--off", text(&photos)]);
    assert_eq!(ran.code, 0, "{ran:?}");
    wait("it is watched no longer", || watching(&server).as_array().is_some_and(Vec::is_empty));
    fs::write(place.photos().join("unseen.ppm"), picture(31)).expect("a photo");
    std::thread::sleep(Duration::from_secs(4));
    assert_eq!(found(&server, "unseen.ppm"), 0);

    let ran = place.seer(&["watch", text(&fixture("images"))]);
    assert!(ran.code == 2 && ran.err.contains("no indexed folder"), "{ran:?}");
    // Forgotten and indexed again it is as new.
    place.seer(&["watch", text(&photos)]);
    assert_eq!(place.seer(&["forget", text(&photos)]).code, 0);
    std::thread::sleep(Duration::from_secs(3));
    assert_eq!(server.get("api/status")["photos"], 0, "watching does not bring them back");
    place.index();
    assert_eq!(place.seer(&["watch"]).code, 1);
}

/// The program where the kernel lets nobody watch more than four folders; `None` where this system lets
/// no such place be made.
#[cfg(target_os = "linux")]
fn within_a_limit(place: &Place, args: &[&str]) -> Option<Server> {
    let possible = std::process::Command::new("unshare").args(["-Ur", "true"]).output();
    if !possible.is_ok_and(|ran| ran.status.success()) {
        println!("skipped: no user namespaces here");
        return None;
    }
    let whole = place.command(&[&["serve", "--json", "--address", "127.0.0.1:0"], args].concat());
    let mut command = std::process::Command::new("unshare");
    let limited = "echo 4 > /proc/sys/user/max_inotify_watches && exec \"$0\" \"$@\"";
    command.args(["-Ur", "sh", "-c", limited]).arg(whole.get_program()).args(whole.get_args());
    for (name, value) in whole.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    Some(Server::start(command))
}

#[test]
#[cfg(target_os = "linux")]
fn beyond_the_kernel_s_limit_a_folder_is_looked_at_now_and_then() {
    let place = watched();
    for number in 0..8 {
        fs::create_dir(place.photos().join(number.to_string())).expect("folder");
    }
    let Some(server) = within_a_limit(&place, &["--sweep", "2"]) else { return };
    wait("it is polled", || watching(&server)[0]["how"] == "polled");
    let why = watching(&server)[0]["why"].as_str().expect("why").to_owned();
    assert!(why.contains("fs.inotify.max_user_watches = "), "{why}");
    let listed = place.seer(&["watch"]);
    assert!(listed.out.contains("looked at now and then: the kernel's limit"), "{listed:?}");
    let photo = place.photos().join("7/polled.ppm");
    fs::write(&photo, picture(37)).expect("a photo");
    wait("it appears", || found(&server, "polled.ppm") == 1);
    fs::remove_file(&photo).expect("removed");
    wait("it goes", || found(&server, "polled.ppm") == 0);
}
