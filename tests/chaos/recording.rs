//! Runs of the program recorded by strace.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::album::{Album, Contents};
use crate::call;
use crate::deed::Deed;
use crate::disk::Disk;
use crate::operation::Operation;
use crate::random::Random;
use crate::recorder::{self, CALLS};
use crate::subject::Subject;
use crate::support::{Place, Ran, Server, unpack_library};
use crate::verdict::{Verdict, examine, examine_repaired, examine_restored};

/// A recorded run and what it was to do.
pub struct Recording {
    pub place: Place,
    album: Album,
    elsewhere: Contents,
    /// The library before the run.
    pub base: PathBuf,
    pub operations: Vec<Operation>,
    pub before: Contents,
    pub after: Contents,
    /// What an indexing run finds afterwards.
    pub folder: Contents,
    /// The model it was used with.
    pub model: PathBuf,
    pub prune: bool,
    /// What must hold after a stop.
    pub verdict: Verdict,
}

/// What a recording is made of: a place whose library is as it was before the run, whose photo
/// folder is as the run finds it, and what the library held.
pub struct Scene {
    pub place: Place,
    pub album: Album,
    pub before: Contents,
    /// What it holds of folders that are not here.
    pub elsewhere: Contents,
    pub model: PathBuf,
}

/// Whether runs can be recorded here. They cannot without strace; `.ci/run` installs it.
pub fn possible() -> bool {
    let found = Command::new("strace").arg("--version").output().is_ok();
    assert!(found || std::env::var_os("CI").is_none(), "CI must have strace: .ci/run installs it");
    if !found {
        println!("skipped: strace is not installed, so no run can be recorded");
    }
    found
}

impl Scene {
    /// A library in step with an album of so many photos.
    pub fn indexed(photos: u64, model: &Path) -> Self {
        let place = Place::empty();
        let album = Album::new(place.photos(), photos);
        let ran = Subject::of(&place, model).index(false);
        assert_eq!(ran.code, 0, "{ran:?}");
        let before = album.contents();
        Self { place, album, before, elsewhere: Contents::new(), model: model.to_path_buf() }
    }

    /// An album of so many photos, and no library.
    pub fn new(photos: u64, model: &Path) -> Self {
        let place = Place::empty();
        let album = Album::new(place.photos(), photos);
        let (before, elsewhere) = (Contents::new(), Contents::new());
        Self { place, album, before, elsewhere, model: model.to_path_buf() }
    }

    /// A library that an earlier format wrote, and an album that it does not know.
    pub fn older(name: &str, photos: u64, model: &Path) -> Self {
        let scene = Self::new(photos, model);
        unpack_library(name, &scene.place.library());
        // Listed from a copy: looking at the library itself would upgrade it.
        let copy = scene.place.library().with_file_name("copy");
        unpack_library(name, &copy);
        let subject = Subject { place: &scene.place, library: copy, model: model.to_path_buf() };
        let elsewhere = subject.listing().expect("the older library is read");
        assert!(!elsewhere.is_empty());
        Self { before: elsewhere.clone(), elsewhere, ..scene }
    }

    pub fn disturbed(mut self, random: &mut Random, changes: u64) -> Self {
        self.album.disturb(random, changes);
        self
    }

    /// Records an indexing run.
    pub fn record_index(self, prune: bool) -> Recording {
        let args = Subject::of(&self.place, &self.model).index_args(prune);
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        Recording { prune, ..self.record(&args, 0) }
    }

    /// Records how a backup takes the place of what was indexed after it.
    pub fn record_restore(mut self, random: &mut Random) -> Recording {
        let subject = Subject::of(&self.place, &self.model);
        let backup = self.place.models().with_file_name("backup");
        let backup = backup.to_str().expect("text path");
        let saved = subject.run(&["backup", backup]);
        assert_eq!(saved.code, 0, "{saved:?}");
        let after = std::mem::take(&mut self.before);
        self.album.disturb(random, 40);
        let ran = subject.index(false);
        assert_eq!(ran.code, 0, "{ran:?}");
        self.before = self.album.contents();
        let recording = self.record(&["restore", "--replace", backup], 0);
        Recording { after, verdict: examine_restored, ..recording }
    }

    /// Records how the photos of a first run are saved where those of a second one are cut off.
    pub fn record_repair(mut self, random: &mut Random) -> Recording {
        let log = self.place.library().join("catalog/sled/db");
        let written = || {
            let bytes = std::fs::read(&log).expect("the catalog's log");
            bytes.iter().rposition(|byte| *byte != 0).expect("something is written") as u64
        };
        let first = written();
        self.album.disturb(random, 60);
        let ran = Subject::of(&self.place, &self.model).index(false);
        assert_eq!(ran.code, 0, "{ran:?}");
        let file = std::fs::OpenOptions::new().write(true).open(&log).expect("the catalog's log");
        file.set_len(first + (written() - first) / 2).expect("cut the log");
        let recording = self.record(&["check", "--repair"], 1);
        let subject = Subject::of(&recording.place, &recording.model);
        let after = subject.listing().expect("the repaired library is read");
        assert!(!after.is_empty(), "nothing was saved");
        Recording { after, verdict: examine_repaired, ..recording }
    }

    /// Records a run that ends with this status.
    fn record(self, args: &[&str], code: i32) -> Recording {
        let command = Subject::of(&self.place, &self.model).command(args);
        self.record_command(&command, code)
    }

    /// Records what people do with models, indexes and copies.
    pub fn record_deed(self, deed: Deed) -> Recording {
        let command = deed.command(&Subject::of(&self.place, &self.model));
        Recording { verdict: deed.verdict(), ..self.record_command(&command, 0) }
    }

    fn record_command(self, command: &Command, code: i32) -> Recording {
        let log = self.place.models().with_file_name("calls");
        let base = keep_base(&self.place);
        let ran = Ran::of(traced(command, &log).output().expect("strace starts"));
        assert_eq!(ran.code, code, "{ran:?}");
        self.finish(&log, base)
    }

    /// Records a server that indexes, answers, makes thumbnails and is ended with Ctrl-C.
    pub fn record_serve(self) -> Recording {
        let subject = Subject::of(&self.place, &self.model);
        let photos = self.place.photos();
        let photos = photos.to_str().expect("text path");
        let args = ["serve", "--json", "--address", "127.0.0.1:0", photos];
        let log = self.place.models().with_file_name("calls");
        let base = keep_base(&self.place);
        let server = Server::start(traced(&subject.command(&args), &log));
        use_server(&server);
        server.wait_until_indexed();
        interrupt(&self.place.library());
        assert_eq!(server.wait(), 0, "the server ends in order");
        self.finish(&log, base)
    }

    fn finish(self, log: &Path, base: PathBuf) -> Recording {
        let text = std::fs::read_to_string(log).expect("the log of strace");
        let events = call::read(&text);
        let operations = recorder::operations(&self.place.library(), Disk::load(&base), events);
        let mut folder = self.album.contents();
        folder.extend(self.elsewhere.clone());
        let recording = Recording {
            base,
            operations,
            before: self.before,
            after: folder.clone(),
            folder,
            model: self.model,
            prune: false,
            verdict: examine,
            place: self.place,
            album: self.album,
            elsewhere: self.elsewhere,
        };
        recording.agrees_with_the_real_folder();
        recording
    }
}

impl Recording {
    /// The library as it was visible after the first `count` operations.
    pub fn disk_after(&self, count: usize) -> Disk {
        let mut disk = Disk::load(&self.base);
        for (number, operation) in self.operations.iter().take(count).enumerate() {
            disk.apply(number, operation);
        }
        disk
    }

    /// Whether the run made a file whose name begins like this.
    pub fn begins_file(&self, start: &str) -> bool {
        self.operations.iter().any(|operation| match operation {
            Operation::Create { name, is_folder: false, .. } => {
                name.to_string_lossy().starts_with(start)
            }
            _ => false,
        })
    }

    /// The scene as a kill after `count` operations leaves it: its library is not in step.
    pub fn resumed_after(self, count: usize) -> Scene {
        let library = self.place.library();
        std::fs::remove_dir_all(&library).expect("remove the library");
        self.disk_after(count).write_visible(&library);
        Scene {
            place: self.place,
            album: self.album,
            before: self.before,
            elsewhere: self.elsewhere,
            model: self.model,
        }
    }

    /// Nothing was overlooked: all operations together make what the run left.
    fn agrees_with_the_real_folder(&self) {
        let made = tempfile::tempdir().expect("temporary folder");
        self.disk_after(self.operations.len()).write_visible(made.path());
        let equal = Command::new("diff")
            .arg("-r")
            .args([made.path(), &self.place.library()])
            .output()
            .expect("diff runs");
        let said = String::from_utf8_lossy(&equal.stdout);
        assert!(equal.status.success(), "the recording is not what happened:\n{said}");
    }
}

/// The library's copy from before the run.
fn keep_base(place: &Place) -> PathBuf {
    let base = place.library().with_file_name("base");
    let _ = std::fs::remove_dir_all(&base);
    Disk::load(&place.library()).write_visible(&base);
    base
}

/// The same command under strace.
fn traced(command: &Command, log: &Path) -> Command {
    let mut traced = Command::new("strace");
    traced.args(["-f", "-qq", "-xx", "-s", "1073741823", "-e", "signal=none", "-e"]);
    traced.arg(format!("trace={CALLS}")).arg("-o").arg(log).arg(command.get_program());
    traced.args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => traced.env(name, value),
            None => traced.env_remove(name),
        };
    }
    traced
}

/// Asks for searches and thumbnails while the server indexes.
pub fn use_server(server: &Server) {
    let answer = server.get("api/search?q=anything&k=12");
    let base = server.url.split('?').next().expect("url");
    for hit in answer["hits"].as_array().expect("hits") {
        let id = hit["photo"]["id"].as_str().expect("id");
        // A photo whose file is gone by now has none.
        let _ = ureq::get(&format!("{base}api/photos/{id}/thumbnail?size=256")).call();
    }
}

/// Ctrl-C for the process that has the library open (`docs/FORMATS.md`: `catalog/lock`).
fn interrupt(library: &Path) {
    let holder = std::fs::read_to_string(library.join("catalog/lock")).expect("lock");
    let killed = Command::new("kill").args(["-INT", holder.trim()]).status().expect("kill runs");
    assert!(killed.success(), "process {holder}");
}
