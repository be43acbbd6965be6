//! The committer thread: outcomes into the library, a batch at a time.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError};
use seer_engine::{Analysis, Change, Library};
use seer_types::{Failure, FailureKind, IndexEvent, LibraryPath, PhotoFacts, PhotoFile, PhotoId};

use super::outcome::{Outcome, failure};
use super::vanished::Vanished;
use super::work::Work;
use crate::progress::Meter;
use crate::{Cancel, IndexError};

/// A batch is written when it is this old: so that the first results can be searched soon,
const AGE: Duration = Duration::from_secs(2);
/// or when it holds this many newly encoded photos and writing has had its rest,
const PHOTOS: usize = 64;
/// or, at the latest, when it holds this many changes.
const CHANGES: usize = 1024;
/// Rest between two batches in multiples of the time the last one took, so that on a fast
/// encoder, whose batches fill quickly, most of the time is not spent on making them durable.
const REST: u32 = 4;
/// How often a long run writes snapshots of the indexes, so that a crash costs little to mend.
const SNAPSHOT: Duration = Duration::from_secs(600);

/// What was written, in files.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Tally {
    /// Photos encoded.
    pub encoded: u64,
    /// Files whose content was known.
    pub recognised: u64,
    /// Files that failed.
    pub failed: u64,
    /// Of these, videos that another program might read.
    pub other_videos: u64,
}

/// What became of a content in this run.
enum Fate {
    /// Another file with it is still on its way; these are its copies, with what those with sidecars
    /// say.
    Pending(Vec<(PhotoFile, Option<Box<PhotoFacts>>)>),
    InLibrary,
    Failed(FailureKind, String),
}

/// Collects outcomes and writes them.
pub(crate) struct Committer<'a> {
    library: &'a Library,
    results: &'a dyn Work,
    /// What is done for a photo that is encoded.
    analyses: &'a [Analysis],
    events: &'a (dyn Fn(IndexEvent) + Sync),
    meter: &'a Meter,
    cancel: &'a Cancel,
    fates: HashMap<PhotoId, Fate>,
    batch: Vec<Change>,
    /// Files that went away since the last batch was written.
    gone: Vec<LibraryPath>,
    photos: usize,
    since: Option<Instant>,
    rest_until: Instant,
    snapshot: Instant,
    tally: Tally,
    vanished: Vanished,
}

/// What the committer leaves behind.
#[derive(Default)]
pub(crate) struct Committed {
    /// What was written.
    pub tally: Tally,
    /// Files that are finished, whatever came of them.
    pub files: u64,
    /// Files that went away meanwhile.
    pub vanished: Vanished,
}

impl Committed {
    /// What a person should know of videos; `None` where all were read.
    pub(crate) fn videos_notice(&self) -> Option<String> {
        let videos = self.tally.other_videos;
        let (noun, is) = if videos == 1 { ("video", "is") } else { ("videos", "are") };
        (videos > 0).then(|| {
            format!(
                "{videos} {noun} of the failed files {is} of kinds that only another program reads; \
                 name one with --ffmpeg PROGRAM, and the next run tries again"
            )
        })
    }

    /// Takes in what was done afterwards.
    pub(crate) fn add(&mut self, later: &Self) {
        self.tally.encoded += later.tally.encoded;
        self.tally.recognised += later.tally.recognised;
        self.tally.failed += later.tally.failed;
        self.tally.other_videos += later.tally.other_videos;
        self.files += later.files;
        self.vanished.join(&later.vanished);
    }
}

impl<'a> Committer<'a> {
    pub(crate) fn new(
        library: &'a Library,
        results: &'a dyn Work,
        analyses: &'a [Analysis],
        events: &'a (dyn Fn(IndexEvent) + Sync),
        meter: &'a Meter,
        cancel: &'a Cancel,
    ) -> Self {
        Self {
            library,
            results,
            analyses,
            events,
            meter,
            cancel,
            fates: HashMap::new(),
            batch: Vec::new(),
            gone: Vec::new(),
            photos: 0,
            since: None,
            rest_until: Instant::now(),
            snapshot: Instant::now(),
            tally: Tally::default(),
            vanished: Vanished::default(),
        }
    }

    /// Writes until all senders are gone; what came until then is committed when this returns.
    ///
    /// # Errors
    /// Those of the library; batches before stay.
    pub(crate) fn work(mut self, from: &Receiver<Outcome>) -> Result<Committed, IndexError> {
        loop {
            let deadline = self.since.map_or_else(|| Instant::now() + AGE, |since| since + AGE);
            match from.recv_deadline(deadline) {
                Ok(outcome) => self.take(outcome),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            if self.is_due() {
                self.flush()?;
            }
        }
        self.flush()?;
        let files = self.meter.files_done();
        Ok(Committed { tally: self.tally, files, vanished: self.vanished })
    }

    fn take(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Encoded { id, file, facts, points } => {
                let size = file.stamp.size;
                self.photos += 1;
                self.meter.encoded();
                self.push(Change::Photo { id, size, facts: *facts, file, points });
                self.note_analyses(id);
                self.note_read(id);
                self.settle(id, Fate::InLibrary);
            }
            Outcome::ReadAgain { id, file, facts } => {
                let size = file.stamp.size;
                self.push(Change::Photo { id, size, facts: *facts, file, points: Vec::new() });
                self.note_read(id);
                self.settle(id, Fate::InLibrary);
            }
            Outcome::Known { id, file } => {
                self.push(Change::Link { id, file });
                self.settle(id, Fate::InLibrary);
            }
            Outcome::Copy { id, file, facts } => self.copy(id, file, facts),
            Outcome::Failed { id, failure } => {
                let (kind, reason) = (failure.kind, failure.reason.clone());
                self.fail(failure);
                if let Some(id) = id {
                    self.settle(id, Fate::Failed(kind, reason));
                }
            }
            Outcome::Vanished { path } => {
                self.meter.done();
                self.vanished.add(path.as_path());
                self.gone.push(path);
            }
        }
    }

    /// Notes what a photo's points do not tell by being there.
    fn note_analyses(&mut self, id: PhotoId) {
        let named = self.analyses.iter().filter(|what| matches!(what, Analysis::Named { .. }));
        self.batch.extend(named.map(|what| Change::Analysed { id, analysis: what.clone() }));
    }

    fn note_read(&mut self, id: PhotoId) {
        let read = Analysis::of_files().map(|analysis| Change::Analysed { id, analysis });
        self.batch.extend(read);
    }

    fn copy(&mut self, id: PhotoId, file: PhotoFile, facts: Option<Box<PhotoFacts>>) {
        match self.fates.entry(id).or_insert_with(|| Fate::Pending(Vec::new())) {
            Fate::Pending(copies) => copies.push((file, facts)),
            Fate::InLibrary => self.push(match facts {
                None => Change::Link { id, file },
                Some(facts) => {
                    let size = file.stamp.size;
                    Change::Photo { id, size, facts: *facts, file, points: Vec::new() }
                }
            }),
            Fate::Failed(kind, reason) => {
                let failure = failure(&file, *kind, reason.clone());
                self.fail(failure);
            }
        }
    }

    /// The first file with this content is decided, and so are its copies.
    fn settle(&mut self, id: PhotoId, fate: Fate) {
        if let Some(Fate::Pending(copies)) = self.fates.insert(id, fate) {
            copies.into_iter().for_each(|(file, facts)| self.copy(id, file, facts));
        }
    }

    fn fail(&mut self, failure: Failure) {
        self.meter.failed();
        let (path, reason) = (failure.path.clone(), failure.reason.clone());
        (self.events)(IndexEvent::Failed { path, reason });
        self.push(Change::Failed(failure));
    }

    fn push(&mut self, change: Change) {
        self.meter.done();
        self.since.get_or_insert_with(Instant::now);
        self.batch.push(change);
    }

    fn is_due(&self) -> bool {
        (self.photos >= PHOTOS && Instant::now() >= self.rest_until)
            || self.batch.len() >= CHANGES
            || self.since.is_some_and(|since| since.elapsed() >= AGE)
    }

    fn flush(&mut self) -> Result<(), IndexError> {
        let batch = std::mem::take(&mut self.batch);
        let mut written = self.tally;
        for change in &batch {
            match change {
                Change::Photo { points, .. } if !points.is_empty() => written.encoded += 1,
                Change::Photo { .. } | Change::Link { .. } => written.recognised += 1,
                Change::Failed(failure) => {
                    written.failed += 1;
                    let lacked = seer_images::lacked_ffmpeg(&failure.reason);
                    written.other_videos += u64::from(lacked);
                }
                Change::Points { .. }
                | Change::FirstSeen { .. }
                | Change::Told { .. }
                | Change::Analysed { .. }
                | Change::Unlink { .. } => {}
            }
        }
        let start = Instant::now();
        self.results.commit(batch, std::mem::take(&mut self.gone))?;
        self.rest_until = Instant::now() + start.elapsed() * REST;
        self.tally = written;
        self.photos = 0;
        self.since = None;
        if self.snapshot.elapsed() >= SNAPSHOT {
            self.library.save_indexes(&mut |_, _| !self.cancel.is_cancelled())?;
            self.snapshot = Instant::now();
        }
        Ok(())
    }
}
