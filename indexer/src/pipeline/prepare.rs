//! The reading threads: bytes, hash, picture, facts, pixels for the model.

use std::collections::HashSet;
use std::sync::Mutex;

use crossbeam_channel::Sender;
use seer_engine::{Job, with_place};
use seer_images::{DecodeOptions, ImageError, Limits};
use seer_types::{FailureKind, PhotoId, PreprocessSpec};

use super::content::{ReadError, read};
use super::outcome::{Decoded, Outcome, failure, file_of};
use super::work::{Task, Work};
use crate::IndexError;
use crate::progress::Meter;

/// What the reading threads share.
pub(crate) struct Readers<'a> {
    /// Where the files come from; each is taken by one thread.
    pub work: &'a dyn Work,
    /// Contents some thread has taken on; a second file with one of them is a copy.
    pub claimed: Mutex<HashSet<PhotoId>>,
    /// What the library has of the content.
    pub known: &'a (dyn Fn(PhotoId) -> Result<Known, IndexError> + Sync),
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
    /// All that the model tells, but not all that is read of the file itself.
    Encoded,
    /// Less than what the model tells, or nothing.
    No,
}

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
        let (id, file) = (content.id, file_of(job, content.stamp));
        if !self.claimed.lock().unwrap_or_else(|e| e.into_inner()).insert(id) {
            return Ok(Next::Commit(Outcome::Copy { id, file }));
        }
        let known = (self.known)(id)?;
        if known == Known::All {
            return Ok(Next::Commit(Outcome::Known { id, file }));
        }
        let decode = || {
            seer_images::with_name(job.path.as_path(), || {
                seer_images::decode_prepared(&content.bytes, &self.options, self.spec)
            })
        };
        // One bad file never ends a run, not even by a bug of ours.
        Ok(match seer_images::catch_bug(decode) {
            Ok((facts, _)) if known == Known::Encoded => {
                let facts = Box::new(with_place(facts));
                Next::Commit(Outcome::ReadAgain { id, file, facts })
            }
            Ok((facts, prepared)) => {
                let facts = Box::new(with_place(facts));
                Next::Encode(Decoded { id, file, facts, prepared })
            }
            Err(ImageError::Stopped) => Next::Stopped,
            Err(error) => {
                let failure = failure(&file, error.kind(), error.to_string());
                Next::Commit(Outcome::Failed { id: Some(id), failure })
            }
        })
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
