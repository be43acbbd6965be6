//! A full disk: reading goes on, nothing is begun, nothing is lost, and room heals it.
//!
//! Needs root and Linux, for a small file system of its own (tmpfs); says so where it cannot run.

mod support;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use support::{Place, Server, fixture};

/// A file system of 12 MiB, gone with this value.
struct SmallDisk(PathBuf);

impl SmallDisk {
    fn mount(place: PathBuf) -> Option<Self> {
        std::fs::create_dir_all(&place).expect("mount point");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=12m", "tmpfs"])
            .arg(&place)
            .output()
            .is_ok_and(|output| output.status.success());
        if !mounted {
            println!("SKIPPED: a full disk cannot be tried without root and tmpfs");
        }
        mounted.then_some(Self(place))
    }

    /// Fills it until about `left` bytes are free.
    fn fill(&self, left: u64) -> PathBuf {
        let path = self.0.join("filling");
        let mut file = std::fs::File::create(&path).expect("file");
        while file.write_all(&[7; 4096]).is_ok() {}
        let length = file.metadata().expect("length").len();
        file.set_len(length.saturating_sub(left)).expect("cut");
        path
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).output();
    }
}

fn picture(path: &Path, number: u32) {
    let mut bytes = b"P6 32 24 255\n".to_vec();
    bytes.extend((0..32 * 24 * 3u32).map(|i| (i * (number * 2 + 3) / 7 + number) as u8));
    bytes.extend(number.to_le_bytes());
    std::fs::write(path, bytes).expect("picture");
}

struct Trial {
    place: Place,
    library: PathBuf,
    disk: SmallDisk,
}

impl Trial {
    fn new(photos: u32) -> Option<Self> {
        let place = Place::empty();
        let home = place.photos().parent().expect("a parent").join("disk");
        let disk = SmallDisk::mount(home.clone())?;
        let trial = Self { place, library: home.join("library"), disk };
        (0..photos).for_each(|number| picture(&trial.photo(number), number));
        assert_eq!(trial.seer(&["index", "-q", trial.photos()]).0, 0);
        Some(trial)
    }

    fn photo(&self, number: u32) -> PathBuf {
        self.place.photos().join(format!("p{number:03}.ppm"))
    }

    fn photos(&self) -> &'static str {
        Box::leak(self.place.photos().to_string_lossy().into_owned().into_boxed_str())
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = self.place.command(args);
        command.env("SEER_LIBRARY", &self.library).env("SEER_MODEL", fixture("clip-tiny"));
        command
    }

    /// Exit status, and both outputs.
    fn seer(&self, args: &[&str]) -> (i32, String) {
        let output = self.command(args).output().expect("seer runs");
        let text = [output.stdout, output.stderr].concat();
        (output.status.code().unwrap_or(-1), String::from_utf8_lossy(&text).into_owned())
    }

    fn reads(&self, photos: u32, when: &str) {
        let (status, text) = self.seer(&["status", "--json"]);
        assert!(status == 0 && text.contains(&format!("\"photos\":{photos},")), "{when}: {text}");
        let (status, text) = self.seer(&["search", "-k", "5", "ext:ppm"]);
        assert_eq!(
            (status, text.lines().filter(|l| l.ends_with(".ppm")).count()),
            (0, 5),
            "{when}"
        );
        let (status, text) = self.seer(&["search", "-k", "5", "a", "dog"]);
        assert_eq!(status, 0, "{when}: {text}");
        let (status, text) = self.seer(&["failures"]);
        assert!(status <= 1, "{when}: {text}");
    }
}

#[test]
fn with_hardly_any_room_reading_goes_on_and_with_room_all_is_well() {
    let Some(trial) = Trial::new(40) else { return };
    for round in 0..20u32 {
        let (number, left) = (40 + round, u64::from(round) * 1300 / 19);
        picture(&trial.photo(number), number);
        let filling = trial.disk.fill(left << 10);
        let when = format!("{left} KiB free");
        let photos = number;
        trial.reads(photos, &when);
        let (status, text) = trial.seer(&["index", "-q", trial.photos()]);
        let taken = status == 0;
        // A tenth of the small disk is the reserve; the ballast may be given up besides.
        assert!(taken || text.contains("disk"), "{when}: {text}");
        assert!(!taken || left >= 1200, "{when}: a batch was begun");
        trial.reads(photos + u32::from(taken), &format!("{when}, after indexing"));
        std::fs::remove_file(filling).expect("room again");
        let (status, text) = trial.seer(&["index", "-q", trial.photos()]);
        assert_eq!(status, 0, "{when}, then room: {text}");
        trial.reads(photos + 1, &format!("{when}, then room"));
        let (status, text) = trial.seer(&["check"]);
        assert_eq!(status, 0, "{when}, then room: {text}");
    }
}

/// The room that was kept for opening after a crash is no room for new photos.
#[test]
fn once_the_kept_room_is_used_up_it_is_made_again_first() {
    let Some(trial) = Trial::new(10) else { return };
    let ballast = trial.library.join("catalog/ballast");
    picture(&trial.photo(10), 10);
    let filling = trial.disk.fill(0);
    std::fs::remove_file(&ballast).expect("given up");
    let (status, text) = trial.seer(&["index", "-q", trial.photos()]);
    assert!(status != 0 && text.contains("nearly full"), "{text}");
    trial.reads(10, "without the kept room");
    std::fs::remove_file(filling).expect("room again");
    assert_eq!(trial.seer(&["index", "-q", trial.photos()]).0, 0);
    assert!(ballast.exists(), "nothing is kept for the next crash");
    trial.reads(11, "with room again");
}

/// Killed while it writes, then full: the next opening has a log to fold and no room for it.
#[test]
fn a_killed_run_and_then_a_full_disk_is_read_all_the_same() {
    let Some(trial) = Trial::new(40) else { return };
    (40..200).for_each(|number| picture(&trial.photo(number), number));
    let mut child =
        trial.command(&["index", "-q", "--batch", "4", trial.photos()]).spawn().unwrap();
    std::thread::sleep(std::time::Duration::from_millis(1500));
    let _ = child.kill();
    let _ = child.wait();
    let filling = trial.disk.fill(0);
    let (status, text) = trial.seer(&["status", "--json"]);
    assert_eq!(status, 0, "{text}");
    let (status, text) = trial.seer(&["search", "-k", "5", "ext:ppm"]);
    assert_eq!(status, 0, "{text}");
    std::fs::remove_file(filling).expect("room again");
    assert_eq!(trial.seer(&["index", "-q", trial.photos()]).0, 0);
    trial.reads(200, "with room again");
    assert_eq!(trial.seer(&["check"]).0, 0);
}

/// A server refuses, goes on answering, and takes photos again when there is room.
#[test]
fn a_server_comes_back_by_itself() {
    let Some(trial) = Trial::new(10) else { return };
    let _server = Server::start(trial.command(&["serve", "--json", "--address", "127.0.0.1:0"]));
    picture(&trial.photo(10), 10);
    let filling = trial.disk.fill(0);
    let (status, text) = trial.seer(&["index", "-q", trial.photos()]);
    assert_eq!(status, 2, "{text}");
    assert!(text.contains("nearly full"), "{text}");
    trial.reads(10, "full");
    std::fs::remove_file(filling).expect("room again");
    let (status, text) = trial.seer(&["index", "-q", trial.photos()]);
    assert_eq!(status, 0, "{text}");
    trial.reads(11, "with room again");
}
