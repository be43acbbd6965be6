//! Real folders, real changes; short times, and generous limits for waiting.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use seer_watch::{How, Timing, Watcher, What, Why};

const SHORT: Timing = Timing { still: Duration::from_millis(200), look: Duration::from_millis(50) };
const LIMIT: Duration = Duration::from_secs(60);

/// A watcher of one folder, and what it has told.
struct Watched {
    _temp: tempfile::TempDir,
    base: PathBuf,
    watcher: Watcher,
    files: BTreeSet<PathBuf>,
    all: Vec<Why>,
}

impl Watched {
    /// Begins with `photos`, which is there.
    fn begin() -> Self {
        let temp = tempfile::tempdir().unwrap();
        let base = temp.path().canonicalize().unwrap();
        fs::create_dir(base.join("photos")).unwrap();
        let mut watcher = Watcher::new(SHORT);
        watcher.set_folders(&[base.join("photos")]);
        let mut watched =
            Self { _temp: temp, base, watcher, files: BTreeSet::new(), all: Vec::new() };
        watched.wait("it begins", |watched| watched.all == [Why::Begun]);
        watched
    }

    fn photos(&self) -> PathBuf {
        self.base.join("photos")
    }

    fn turn(&mut self) {
        let keep = |path: &Path| !path.ends_with("unwanted");
        for news in self.watcher.turn(Instant::now(), &keep) {
            assert_eq!(news.folder, self.base.join("photos"));
            match news.what {
                What::Files(files) => self.files.extend(files),
                What::All(why) => self.all.push(why),
            }
        }
    }

    fn wait(&mut self, what: &str, done: impl Fn(&Self) -> bool) {
        let start = Instant::now();
        while !done(self) {
            assert!(start.elapsed() < LIMIT, "{what}: {:?} {:?}", self.files, self.all);
            std::thread::sleep(Duration::from_millis(20));
            self.turn();
        }
    }

    fn how(&self) -> How {
        self.watcher.folders().next().unwrap().1.clone()
    }
}

#[test]
fn new_changed_moved_and_removed_files_are_told() {
    let mut watched = Watched::begin();
    let photos = watched.photos();
    let (first, second) = (photos.join("a.jpg"), photos.join("b.jpg"));
    fs::write(&first, b"1").unwrap();
    watched.wait("a new file", |w| w.files.contains(&first));
    watched.files.clear();
    fs::write(&first, b"22").unwrap();
    watched.wait("a changed file", |w| w.files.contains(&first));
    fs::rename(&first, &second).unwrap();
    watched.wait("a moved file", |w| w.files.contains(&second));
    watched.files.clear();
    fs::remove_file(&second).unwrap();
    watched.wait("a removed file", |w| w.files.contains(&second));
    assert_eq!(watched.how(), How::Told);
    assert_eq!(watched.all, [Why::Begun]);
}

#[test]
fn folders_that_come_filled_and_those_that_are_filled_later_are_told_whole() {
    let mut watched = Watched::begin();
    let outside = watched.base.join("outside");
    fs::create_dir_all(outside.join("deep/unwanted")).unwrap();
    fs::write(outside.join("deep/a.jpg"), b"1").unwrap();
    fs::write(outside.join("deep/unwanted/n.jpg"), b"1").unwrap();
    let moved = watched.photos().join("moved");
    fs::rename(&outside, &moved).unwrap();
    watched.wait("what was in it", |w| w.files.contains(&moved.join("deep/a.jpg")));
    let later = moved.join("deep/later.jpg");
    fs::write(&later, b"1").unwrap();
    watched.wait("what came later", |w| w.files.contains(&later));
    let made = watched.photos().join("x/y/z");
    fs::create_dir_all(&made).unwrap();
    fs::write(made.join("b.jpg"), b"1").unwrap();
    watched.wait("a folder made and filled at once", |w| w.files.contains(&made.join("b.jpg")));
    assert!(!watched.files.iter().any(|path| path.ends_with("unwanted/n.jpg")));
}

#[test]
fn a_file_is_told_when_nobody_writes_to_it_any_more() {
    use std::io::Write;
    let mut watched = Watched::begin();
    let slow = watched.photos().join("slow.jpg");
    let mut file = fs::File::create(&slow).unwrap();
    for _ in 0..20 {
        file.write_all(b"part").unwrap();
        let pause = Instant::now();
        while pause.elapsed() < SHORT.still / 4 {
            watched.turn();
            // A machine that sleeps for long makes the file still: nothing is to be asserted then.
            if watched.files.contains(&slow) {
                return;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }
    drop(file);
    watched.wait("the whole file", |w| w.files.contains(&slow));
    assert_eq!(fs::metadata(&slow).unwrap().len(), 80);
}

#[test]
fn a_folder_that_goes_and_comes_back_is_watched_again() {
    let mut watched = Watched::begin();
    let (photos, away) = (watched.photos(), watched.base.join("away"));
    fs::rename(&photos, &away).unwrap();
    watched.wait("it is away", |w| w.how() == How::Away);
    fs::write(away.join("a.jpg"), b"1").unwrap();
    fs::rename(&away, &photos).unwrap();
    watched.wait("it is back", |w| w.all.last() == Some(&Why::Back));
    assert!(watched.files.is_empty(), "{:?}", watched.files);
    let new = photos.join("b.jpg");
    fs::write(&new, b"1").unwrap();
    watched.wait("it is watched", |w| w.files.contains(&new));

    // Removed and made again: file systems give the same number to the new one.
    fs::remove_dir_all(&photos).unwrap();
    fs::create_dir(&photos).unwrap();
    watched.wait("another one", |w| w.all.iter().filter(|why| **why == Why::Back).count() == 2);
    let newer = photos.join("c.jpg");
    fs::write(&newer, b"1").unwrap();
    watched.wait("that one is watched", |w| w.files.contains(&newer));
}

#[test]
fn what_is_no_longer_asked_for_is_not_told() {
    let mut watched = Watched::begin();
    watched.watcher.set_folders(&[]);
    fs::write(watched.photos().join("a.jpg"), b"1").unwrap();
    std::thread::sleep(SHORT.still * 2);
    watched.turn();
    assert!(watched.files.is_empty() && watched.watcher.folders().next().is_none());
}
