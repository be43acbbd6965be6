//! The reading threads: bytes, hash, picture, facts, pixels for the model.

use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use crossbeam_channel::Sender;
use seer_images::{ImageError, Limits};
use seer_types::{FailureKind, PhotoFacts, PhotoId, PreparedImage, PreprocessSpec};

use super::budget::Budget;
use super::content::{Content, ReadError, read};
use super::outcome::{Decoded, Outcome, failure, file_of, panic_text};
use crate::IndexError;
use crate::plan::Job;
use crate::progress::Meter;

/// Memory in which a picture is tried first and second, bytes: about 20 and 80 megapixels. The
/// third time it may take all that the limits allow.
const ROOMS: [u64; 2] = [64 << 20, 256 << 20];

/// What the reading threads share.
pub(crate) struct Readers<'a> {
    /// All files of the run; each is taken by one thread.
    pub jobs: &'a [Job],
    /// The next to take.
    pub next: AtomicUsize,
    /// Contents some thread has taken on; a second file with one of them is a copy.
    pub claimed: Mutex<HashSet<PhotoId>>,
    /// Whether the library has the content and its embedding.
    pub is_embedded: &'a (dyn Fn(PhotoId) -> Result<bool, IndexError> + Sync),
    /// How the model wants its pictures.
    pub spec: &'a PreprocessSpec,
    /// What is too large.
    pub limits: &'a Limits,
    /// For whole files in memory.
    pub file_bytes: Budget,
    /// For whole pictures in memory.
    pub pixel_bytes: Budget,
    /// Where busy time is counted.
    pub meter: &'a Meter,
    /// Whether to stop taking files.
    pub stops: &'a (dyn Fn() -> bool + Sync),
}

/// Where a file goes next.
enum Next {
    Encode(Decoded),
    Commit(Outcome),
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
            let Some(job) = self.jobs.get(self.next.fetch_add(1, Ordering::Relaxed)) else { break };
            let next = self.meter.decoding(|| self.take(job))?;
            let heard = match next {
                Next::Encode(decoded) => to_encode.send(decoded).is_ok(),
                Next::Commit(outcome) => to_commit.send(outcome).is_ok(),
            };
            if !heard {
                break;
            }
        }
        Ok(())
    }

    fn take(&self, job: &Job) -> Result<Next, IndexError> {
        let _room = self.file_bytes.borrow(job.stamp.size.min(self.limits.max_file_bytes));
        let content = match read(job.path.as_path(), self.limits.max_file_bytes) {
            Ok(content) => content,
            Err(error) => return Ok(Next::Commit(self.unread(job, error))),
        };
        let (id, file) = (content.id, file_of(job, content.stamp));
        if !self.claimed.lock().unwrap_or_else(|e| e.into_inner()).insert(id) {
            return Ok(Next::Commit(Outcome::Copy { id, file }));
        }
        if (self.is_embedded)(id)? {
            return Ok(Next::Commit(Outcome::Known { id, file }));
        }
        let decoded = catch_unwind(AssertUnwindSafe(|| self.decode(&content)));
        Ok(match decoded {
            Ok(Ok((facts, prepared))) => {
                Next::Encode(Decoded { id, file, facts: Box::new(facts), prepared })
            }
            Ok(Err(error)) => {
                let failure = failure(&file, error.kind(), error.to_string());
                Next::Commit(Outcome::Failed { id: Some(id), failure })
            }
            Err(panic) => {
                let reason = format!(
                    "the decoder stopped unexpectedly ({}); please report this file",
                    panic_text(&*panic)
                );
                let failure = failure(&file, FailureKind::Damaged, reason);
                Next::Commit(Outcome::Failed { id: Some(id), failure })
            }
        })
    }

    /// The full picture lives only in here. How much memory it takes is known only to its
    /// decoder, which refuses before it decodes: so it is tried in ever larger rooms.
    fn decode(&self, content: &Content) -> Result<(PhotoFacts, PreparedImage), ImageError> {
        let most = self.limits.max_decoded_bytes;
        let mut rooms = ROOMS.into_iter().filter(|room| *room < most).chain([most]);
        loop {
            let room = rooms.next().unwrap_or(most);
            let _loan = self.pixel_bytes.borrow(room);
            let limits = Limits { max_decoded_bytes: room, ..*self.limits };
            match seer_images::decode_prepared(&content.bytes, &limits, self.spec) {
                Err(ImageError::TooLarge { .. }) if room < most => {}
                decoded => return decoded,
            }
        }
    }

    fn unread(&self, job: &Job, error: ReadError) -> Outcome {
        let (stamp, kind, reason) = match error {
            ReadError::Gone => return Outcome::Vanished,
            ReadError::TooLong(stamp) => {
                (stamp, FailureKind::TooLarge, too_long(stamp.size, self.limits))
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

fn too_long(bytes: u64, limits: &Limits) -> String {
    limits.check_file(bytes).err().map_or_else(String::new, |error| error.to_string())
}
