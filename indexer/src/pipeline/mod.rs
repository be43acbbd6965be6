//! From files to the library: readers -> encoder -> committer, joined by bounded queues.
//!
//! All readers and the encoder are busy at once; the slower side decides the speed and the
//! queues keep memory bounded, as does the process's budget for files and pixels
//! (`seer_images::MemoryBudget`). The order of results is that of finishing.

mod batch;
mod beside;
mod commit;
mod content;
mod encode;
mod look;
mod outcome;
mod prepare;
mod small;
mod vanished;
mod work;

use std::collections::HashSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::ScopedJoinHandle;

use crossbeam_channel::{RecvTimeoutError, bounded};
use seer_engine::{Analysis, Library, Model, analyses_of};
use seer_images::DecodeOptions;
use seer_types::{IndexEvent, IndexPhase, PhotoFile, PhotoId, PreparedImage};

use crate::progress::{Meter, Speed, TICK};
use crate::{Cancel, IndexError, IndexOptions};
use batch::BatchSize;
use beside::Folders;
use commit::Committer;
use encode::Encoder;
use look::look;
use prepare::{Known, Readers};
use small::Thumbnails;

pub(crate) use commit::Committed;
pub(crate) use content::{Data, ReadError, first_bytes, read};
pub(crate) use work::{OwnWork, Task, Work};

/// Reads, encodes and commits `work` until there is none; sends progress meanwhile.
///
/// # Errors
/// `Library` and `Encoder`; what was committed before stays.
pub(crate) fn run(
    library: &Library,
    model: &Model,
    work: &dyn Work,
    options: &IndexOptions,
    cancel: &Cancel,
    events: &(dyn Fn(IndexEvent) + Sync),
) -> Result<Committed, IndexError> {
    let threads = decode_threads(options, work.files());
    let meter = Meter::new(threads);
    meter.set_total(work.files());
    let halt = AtomicBool::new(false);
    let stops = || cancel.is_cancelled() || halt.load(Ordering::Relaxed);
    let analyses = &analyses_of(model);
    let known = |id: PhotoId, file: &PhotoFile| {
        for what in analyses {
            if !library.analysed(what, &[id])?.contains(&true) {
                return Ok(Known::No);
            }
        }
        for what in &Analysis::of_files() {
            if !library.analysed(what, &[id])?.contains(&true) {
                return Ok(Known::Encoded);
            }
        }
        match other_sidecars(&library.mounted().files_with_stamps(id)?, file) {
            true => Ok(Known::Encoded),
            false => Ok(Known::All),
        }
    };
    let encode = |images: &[PreparedImage]| look(model, images);
    let size = BatchSize::new(options.batch);
    let readers = Readers {
        work,
        claimed: Mutex::new(HashSet::new()),
        known: &known,
        folders: Folders::default(),
        thumbnails: Thumbnails::new(library, options.without_thumbnails),
        spec: model.spec(),
        options: DecodeOptions { limits: options.limits, stop: cancel.flag().clone() },
        meter: &meter,
        stops: &stops,
    };
    let (to_encode, from_readers) = bounded(size.largest().min(64) * 2);
    let (to_commit, from_all) = bounded(256);
    // Nothing is ever sent here: its end is the committer's end.
    let (finished, is_finished) = bounded::<()>(0);
    // A thread that fails stops the others; they end because nobody sends or listens any more.
    let halting = |result: Result<(), IndexError>| {
        if result.is_err() {
            halt.store(true, Ordering::Relaxed);
        }
        result
    };
    std::thread::scope(|scope| {
        let mut workers = Vec::new();
        for _ in 0..threads {
            let (readers, to_encode, to_commit) = (&readers, to_encode.clone(), to_commit.clone());
            workers.push(scope.spawn(move || halting(readers.work(&to_encode, &to_commit))));
        }
        drop(to_encode);
        let (encode, meter, stops) = (&encode, &meter, &stops);
        workers.push(scope.spawn(move || {
            let encoder = Encoder::new(encode, size, meter, stops);
            halting(encoder.work(&from_readers, &to_commit))
        }));
        let committer = scope.spawn(move || {
            let _finished = finished;
            Committer::new(library, work, analyses, events, meter, cancel).work(&from_all)
        });
        let mut speed = Speed::default();
        while is_finished.recv_timeout(TICK) == Err(RecvTimeoutError::Timeout) {
            meter.set_total(work.files());
            events(IndexEvent::Progress(meter.progress(IndexPhase::Encoding, &mut speed)));
        }
        events(IndexEvent::Progress(meter.progress(IndexPhase::Encoding, &mut speed)));
        let committed = join(committer)?;
        workers.into_iter().try_for_each(join)?;
        Ok(committed)
    })
}

/// Whether a photo has to be read again for what stands beside this file of it: `known` are its
/// files, as they were read. A file without sidecars takes nothing away from another one that has
/// some.
fn other_sidecars(known: &[PhotoFile], file: &PhotoFile) -> bool {
    let before = known.iter().find(|known| known.path == file.path);
    if file.stamp.sidecars == before.map_or(0, |known| known.stamp.sidecars) {
        return false;
    }
    let another = |known: &PhotoFile| known.path != file.path && known.stamp.sidecars != 0;
    file.stamp.sidecars != 0 || !known.iter().any(another)
}

/// A thread's result; a panic (a bug: foreign bytes are guarded) goes on in this thread.
fn join<T>(thread: ScopedJoinHandle<'_, T>) -> T {
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

fn decode_threads(options: &IndexOptions, files: u64) -> usize {
    let most = usize::try_from(files).unwrap_or(usize::MAX).max(1);
    let cores = || std::thread::available_parallelism().map_or(1, usize::from);
    options.decode_threads.unwrap_or_else(cores).clamp(1, most)
}
