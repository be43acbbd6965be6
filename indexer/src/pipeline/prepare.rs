//! The reading threads: bytes, hash, picture, facts, pixels for the model.

use std::collections::HashSet;
use std::fs::File;
use std::path::Path;
use std::sync::Mutex;

use crossbeam_channel::Sender;
use seer_engine::{INDEXED_THUMBNAIL, Job, with_place};
use seer_images::{DecodeOptions, ImageError, Limits};
use seer_types::{
    FailureKind, FileStamp, PhotoFacts, PhotoFile, PhotoId, PreparedImage, PreprocessSpec,
};

use super::beside::{Beside, Folders};
use super::content::{Content, Data, ReadError, read};
use super::outcome::{Decoded, Outcome, failure, file_of};
use super::small::Thumbnails;
use super::work::{Task, Work};
use crate::IndexError;
use crate::progress::Meter;

/// What the reading threads share.
pub(crate) struct Readers<'a> {
    /// Where the files come from; each is taken by one thread.
    pub work: &'a dyn Work,
    /// Contents some thread has taken on; a second file with one of them is a copy.
    pub claimed: Mutex<HashSet<PhotoId>>,
    /// What the library has of the content of a file.
    pub known: &'a (dyn Fn(PhotoId, &PhotoFile) -> Result<Known, IndexError> + Sync),
    /// Where sidecars are looked for.
    pub folders: Folders,
    /// Where thumbnails go.
    pub thumbnails: Thumbnails<'a>,
    /// How the model wants its pictures.
    pub spec: &'a PreprocessSpec,
    /// What is too large, and the flag by which a picture is given up half way.
    pub options: DecodeOptions,
    /// Where busy time is counted.
    pub meter: &'a Meter,
    /// Whether to stop taking files.
    pub stops: &'a (dyn Fn() -> bool + Sync),
}

/// What the library has of a content.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Known {
    /// All that is computed for photos.
    All,
    /// All that the model tells, but not all that is read of the file itself and beside it.
    Encoded,
    /// Less than what the model tells, or nothing.
    No,
}

/// What a file's content is in this run.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Claim {
    /// No other file had it.
    First,
    /// Another one has it, and this one has no sidecars.
    Copy,
    /// Another one has it; this one has sidecars, which count.
    CopyWithMore,
}

/// What a file says, what the model looks at, and a thumbnail.
type Read = (PhotoFacts, Vec<PreparedImage>, Option<Vec<u8>>);

/// Where a file goes next.
enum Next {
    Encode(Decoded),
    Commit(Outcome),
    /// The run was stopped: the file is left for the next one.
    Stopped,
}

impl Readers<'_> {
    /// One thread's work: until the files end, the run is stopped, or nobody listens any more.
    ///
    /// # Errors
    /// Those of the library.
    pub(crate) fn work(
        &self,
        to_encode: &Sender<Decoded>,
        to_commit: &Sender<Outcome>,
    ) -> Result<(), IndexError> {
        while !(self.stops)() {
            let next = match self.work.next()? {
                Some(Task::Read(job)) => self.meter.decoding(|| self.take(&job))?,
                Some(Task::Fail(job, reason)) => Next::Commit(cannot_read(&job, reason)),
                None => break,
            };
            let heard = match next {
                Next::Encode(decoded) => to_encode.send(decoded).is_ok(),
                Next::Commit(outcome) => to_commit.send(outcome).is_ok(),
                Next::Stopped => false,
            };
            if !heard {
                break;
            }
        }
        Ok(())
    }

    fn take(&self, job: &Job) -> Result<Next, IndexError> {
        let content = match read(job.path.as_path(), &self.options) {
            Ok(content) => content,
            Err(ReadError::Stopped) => return Ok(Next::Stopped),
            Err(error) => return Ok(Next::Commit(self.unread(job, error))),
        };
        let beside = match job.stamp.sidecars {
            0 => Beside::default(),
            _ => self.folders.beside(job.path.as_path()),
        };
        let id = content.id;
        let file = file_of(job, FileStamp { sidecars: beside.number, ..content.stamp });
        let claim = self.claim(id, beside.number != 0);
        if claim == Claim::Copy {
            return Ok(Next::Commit(Outcome::Copy { id, file, facts: None }));
        }
        let known = match claim {
            Claim::First => (self.known)(id, &file)?,
            _ => Known::Encoded,
        };
        if known == Known::All {
            return Ok(Next::Commit(Outcome::Known { id, file }));
        }
        // One bad file never ends a run, not even by a bug of ours.
        Ok(match seer_images::catch_bug(|| self.decode(job, &content, &beside)) {
            Ok((facts, _)) if claim == Claim::CopyWithMore => {
                Next::Commit(Outcome::Copy { id, file, facts: Some(Box::new(facts)) })
            }
            Ok((facts, _)) if known == Known::Encoded => {
                Next::Commit(Outcome::ReadAgain { id, file, facts: Box::new(facts) })
            }
            Ok((facts, pictures)) => {
                Next::Encode(Decoded { id, file, facts: Box::new(facts), pictures })
            }
            Err(ImageError::Stopped) => Next::Stopped,
            Err(_) if claim == Claim::CopyWithMore => {
                Next::Commit(Outcome::Copy { id, file, facts: None })
            }
            Err(error) => {
                let failure = failure(&file, error.kind(), error.to_string());
                Next::Commit(Outcome::Failed { id: Some(id), failure })
            }
        })
    }

    fn claim(&self, id: PhotoId, has_sidecars: bool) -> Claim {
        let is_first = self.claimed.lock().unwrap_or_else(|e| e.into_inner()).insert(id);
        match (is_first, has_sidecars) {
            (true, _) => Claim::First,
            (false, false) => Claim::Copy,
            (false, true) => Claim::CopyWithMore,
        }
    }

    /// All that a file says, and what the model looks at; keeps a thumbnail on the way.
    fn decode(
        &self,
        job: &Job,
        content: &Content,
        beside: &Beside,
    ) -> Result<(PhotoFacts, Vec<PreparedImage>), ImageError> {
        let path = job.path.as_path();
        let (mut facts, pictures, thumbnail) =
            seer_images::with_name(path, || match &content.data {
                Data::Bytes { bytes, .. } => self.decode_picture(content.id, bytes),
                Data::Video(file) => self.decode_video(content.id, file, path),
            })?;
        if let Some(jpeg) = thumbnail {
            self.thumbnails.keep(content.id, &jpeg);
        }
        beside.complete(&mut facts, path);
        Ok((with_place(facts), pictures))
    }

    fn decode_picture(&self, id: PhotoId, bytes: &[u8]) -> Result<Read, ImageError> {
        let (options, spec) = (&self.options, self.spec);
        if !self.thumbnails.wants(id) {
            let (facts, prepared) = seer_images::decode_prepared(bytes, options, spec)?;
            return Ok((facts, vec![prepared], None));
        }
        let (facts, prepared, thumbnail) =
            seer_images::decode_prepared_with_thumbnail(bytes, options, spec, INDEXED_THUMBNAIL)?;
        Ok((facts, vec![prepared], thumbnail))
    }

    fn decode_video(&self, id: PhotoId, mut file: &File, path: &Path) -> Result<Read, ImageError> {
        let edge = self.thumbnails.wants(id).then_some(INDEXED_THUMBNAIL);
        let video = seer_images::decode_video(&mut file, path, &self.options, self.spec, edge)?;
        Ok((video.facts, video.frames, video.thumbnail))
    }

    fn unread(&self, job: &Job, error: ReadError) -> Outcome {
        let (stamp, kind, reason) = match error {
            ReadError::Gone | ReadError::Stopped => {
                return Outcome::Vanished { path: job.path.clone() };
            }
            ReadError::TooLong(stamp) => {
                (stamp, FailureKind::TooLarge, too_long(stamp.size, &self.options.limits))
            }
            ReadError::Changing(stamp) => (
                stamp,
                FailureKind::Unreadable,
                "it changed while it was read; the next run tries again".to_owned(),
            ),
            ReadError::Io(error) => (job.stamp, FailureKind::Unreadable, crate::reason(&error)),
        };
        let stamp = FileStamp { sidecars: job.stamp.sidecars, ..stamp };
        Outcome::Failed { id: None, failure: failure(&file_of(job, stamp), kind, reason) }
    }
}

/// Tried again in every run.
fn cannot_read(job: &Job, reason: String) -> Outcome {
    let failure = failure(&file_of(job, job.stamp), FailureKind::Unreadable, reason);
    Outcome::Failed { id: None, failure }
}

fn too_long(bytes: u64, limits: &Limits) -> String {
    limits.check_file(bytes).err().map_or_else(String::new, |error| error.to_string())
}
