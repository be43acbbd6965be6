//! A full disk on the server: the batch that does not fit is refused with a message and is not there
//! by half, answers go on, and with room everything goes on.
//!
//! On a real one where this machine lets a test mount a small file system (root on Linux); that
//! cannot be had everywhere, and then it says so. What a server says whose disk is full, said by a
//! trigger, is tried everywhere.

mod support;

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use seer_postgres::PostgresStore;
use seer_store::{Change, Point, Store, StoreErrorKind, StoreResult};
use seer_store_suite::{embedding, id, photo};
use seer_types::{Embedding, ModelFingerprint};
use support::Server;

const MODEL: ModelFingerprint = ModelFingerprint([3; 16]);
/// Photos of a batch.
const BATCH: u32 = 50;
/// More batches than go into what is left on the disk.
const MANY: u32 = 400;

/// A small file system, gone with this value.
struct SmallDisk(PathBuf);

impl SmallDisk {
    fn mount() -> Option<Self> {
        let place = std::env::temp_dir().join(format!("seer-small-disk-{}", std::process::id()));
        std::fs::create_dir_all(&place).expect("mount point");
        let options = ["-t", "tmpfs", "-o", "size=300m,mode=1777", "tmpfs"];
        let mounted = Command::new("mount").args(options).arg(&place).output();
        if mounted.is_ok_and(|output| output.status.success()) {
            return Some(Self(place));
        }
        // Not with println!, of which nothing is seen when a test passes.
        let said = "NOT TRIED: a disk that is really full, because this machine lets no test mount \
                    one; what its server says is tried with a trigger only\n";
        std::io::stderr().write_all(said.as_bytes()).expect("standard error");
        None
    }

    fn filling(&self) -> PathBuf {
        self.0.join("filling")
    }

    /// Fills it until so many bytes are left.
    fn fill(&self, left: u64) {
        let mut file = File::create(self.filling()).expect("a file");
        while file.write_all(&[7; 4096]).is_ok() {}
        let length = file.metadata().expect("length").len();
        file.set_len(length.saturating_sub(left)).expect("cut");
    }

    fn make_room(&self) {
        std::fs::remove_file(self.filling()).expect("removed");
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).output();
        let _ = std::fs::remove_dir(&self.0);
    }
}

/// A library with one batch, and what was acknowledged since.
struct Library {
    store: PostgresStore,
    name: String,
    server: Server,
    next: u32,
    acknowledged: Vec<u32>,
}

impl Library {
    fn new(server: Server) -> Self {
        let (name, mut config) = server.library(0);
        config.reconnect_for = Duration::from_millis(300);
        let store = PostgresStore::open(&config).expect("opens");
        let mut library = Self { store, name, server, next: 0, acknowledged: Vec::new() };
        library.write().expect("writes");
        library
    }

    /// Writes new photos.
    fn write(&mut self) -> StoreResult<()> {
        let first = self.next;
        self.next += BATCH;
        let one = |n| {
            let point = Point::whole(vector(n));
            photo(n, &format!("/p/{n}.jpg"), vec![point])
        };
        let batch: Vec<Change> = (first..first + BATCH).map(one).collect();
        self.store.apply(&batch)?;
        self.acknowledged.push(first);
        Ok(())
    }

    /// Writes until it is refused, and what it says then.
    #[track_caller]
    fn until_refused(&mut self, says: StoreErrorKind) -> String {
        let refused = (0..MANY).find_map(|_| self.write().err());
        let error = refused.expect("there is room for everything");
        let text = error.to_string();
        assert_eq!(error.kind(), says, "{text}");
        for part in [&self.name, "127.0.0.1", "\nnext: "] {
            assert!(text.contains(part), "{part:?} is not in: {text}");
        }
        text
    }

    /// Writes until the server answers that its disk is full.
    #[track_caller]
    fn until_full(&mut self) {
        let said = self.until_refused(StoreErrorKind::Full);
        for part in ["No space left on device", "nothing of this batch", "make room"] {
            assert!(said.contains(part), "{part:?} is not in: {said}");
        }
    }

    /// Every answer has the batches that were acknowledged, and of no other a part.
    #[track_caller]
    fn is_whole(&self) {
        let ids = self.acknowledged.iter().flat_map(|first| *first..first + BATCH).map(id);
        let records = self.store.photos(&ids.collect::<Vec<_>>()).expect("answers");
        assert!(records.iter().all(Option::is_some), "an acknowledged photo is lost");
        let photos = self.store.counts().expect("answers").photos;
        assert!(
            photos >= records.len() as u64 && photos.is_multiple_of(u64::from(BATCH)),
            "{photos}"
        );
        assert_eq!(self.store.report(MODEL).expect("answers").searchable, photos);
        let near = self.store.nearest(&vector(0), 100_000, None).expect("answers").neighbours;
        assert_eq!(near.len() as u64, photos);
    }
}

fn vector(number: u32) -> Embedding {
    let values: Vec<f32> = (0..512).map(|i| ((i * (number + 3)) % 97) as f32 - 40.5).collect();
    embedding(MODEL, &values)
}

#[test]
#[ignore = "starts a PostgreSQL, which it fetches"]
fn a_full_disk_said_by_a_trigger_is_said_and_nothing_is_written() {
    let mut library = Library::new(Server::start(&["fsync=off"]));
    library.server.sql(
        &library.name,
        "create function full_disk() returns trigger language plpgsql as $$ begin \
         raise exception 'could not extend file: No space left on device' \
         using errcode = '53100'; end $$; \
         create trigger full_disk before insert on seer.point_1 execute function full_disk()",
    );
    library.until_full();
    library.is_whole();
    library.server.sql(&library.name, "drop trigger full_disk on seer.point_1");
    library.write().expect("writes when there is room");
    library.is_whole();
    assert_eq!(library.store.counts().expect("answers").photos, 2 * u64::from(BATCH));
}

/// A server on a small disk of which nothing else is used.
fn on_small_disk() -> Option<(Library, SmallDisk)> {
    let disk = SmallDisk::mount()?;
    // The log of changes is tidied up when the test says so, and only then.
    let settings = ["max_wal_size=1GB", "min_wal_size=80MB", "checkpoint_timeout=1h"];
    Some((Library::new(Server::start_in(&disk.0, &settings)), disk))
}

/// Has the log of changes begin a new file, and again.
fn begin_files_of_the_log(library: &Library, count: u32) {
    for _ in 0..count {
        // A file without anything in it would not be left.
        library.server.sql(&library.name, "select txid_current()");
        library.server.sql(&library.name, "select pg_switch_wal()");
    }
}

/// There is no room for the tables, and the server goes on.
fn without_room_for_tables(library: &mut Library, disk: &SmallDisk) {
    for left in [0, 100 << 10, 1 << 20, 3 << 20] {
        // The files that are begun here are kept for later, so that the log has room.
        begin_files_of_the_log(library, 4);
        library.server.sql(&library.name, "checkpoint");
        disk.fill(left);
        for _ in 0..3 {
            library.until_full();
            library.is_whole();
        }
        disk.make_room();
        library.write().expect("writes when there is room");
        library.is_whole();
    }
}

/// There is no room for the log of changes: the server ends itself, and does not start without room.
fn without_room_for_the_log(library: &mut Library, disk: &SmallDisk) {
    // From here on the log needs a new file after 16 MiB, and the tables not so much.
    begin_files_of_the_log(library, 8);
    disk.fill(14 << 20);
    let said = library.until_refused(StoreErrorKind::Unreachable);
    // The process that runs out of room ends the server. It is the one that serves the library,
    // which says why, or another one, and then the library only finds the server gone, before or
    // while it makes the batch final.
    let ours = said.contains("No space left on device") && said.contains("pg_wal");
    let gone = ["cannot be reached", "was lost while it made a batch final"];
    assert!(ours || gone.iter().any(|text| said.contains(text)), "{said}");
    assert!(!said.contains("nothing of this batch"), "nobody knows that: {said}");
    disk.make_room();
    library.server.order("kill");
    library.server.order("start");
    library.is_whole();
    library.write().expect("writes when the server is there again");
    library.is_whole();
}

#[test]
#[ignore = "starts a PostgreSQL, which it fetches"]
fn a_disk_that_is_really_full_refuses_batches_as_a_whole() {
    let Some((mut library, disk)) = on_small_disk() else { return };
    without_room_for_tables(&mut library, &disk);
    without_room_for_the_log(&mut library, &disk);
    let Library { server, store, .. } = library;
    drop((store, server));
    assert!(!disk.filling().exists() && is_empty(&disk.0), "the server is gone before its disk");
}

fn is_empty(folder: &Path) -> bool {
    std::fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_none())
}
