//! What is computed for photos once they can be found: an analyst looks at each that it has not seen.

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded};
use seer_engine::{Analyst, Change, Library, LookError, Told};
use seer_images::DecodeOptions;
use seer_types::{IndexEvent, PhotoId};

use crate::pipeline::{Data, ReadError, read};
use crate::progress::{Meter, Speed, TICK};
use crate::{Cancel, IndexError, IndexOptions};

/// What was found is written when it is this old,
const AGE: Duration = Duration::from_secs(5);
/// or when it is about so many photos.
const PHOTOS: usize = 256;

/// What came of looking.
pub(crate) struct Looked {
    /// Photos that were looked at.
    pub photos: u64,
    /// Those of them of which there is something to tell.
    pub told: u64,
    /// Whether it was not stopped.
    pub complete: bool,
}

/// Has `analyst` look at the photos that it has not seen and whose files are here. Each result is kept soon
/// after it is there, so that a run which is stopped loses nothing.
///
/// # Errors
/// Those of the library; what was written before stays. Neither a photo that cannot be looked at nor an
/// analyst that fails is one: the latter is told as a notice.
pub(crate) fn look_at_all(
    library: &Library,
    analyst: &dyn Analyst,
    options: &IndexOptions,
    cancel: &Cancel,
    events: &(dyn Fn(IndexEvent) + Sync),
) -> Result<Looked, IndexError> {
    let mut ids = library.lacking(&analyst.analysis())?;
    if library.store().work_list().is_some() && !ids.is_empty() {
        // Machines that begin at different places seldom look at the same photo.
        let start = somewhere(ids.len());
        ids.rotate_left(start);
    }
    let threads = analyst.at_once().clamp(1, ids.len().max(1));
    let meter = Meter::new(threads);
    meter.set_total(ids.len() as u64);
    let halt = AtomicBool::new(false);
    let stops = || cancel.is_cancelled() || halt.load(Ordering::Relaxed);
    let photos = Photos {
        library,
        analyst,
        ids: &ids,
        next: AtomicUsize::new(0),
        options: DecodeOptions { limits: options.limits, stop: cancel.flag().clone() },
        meter: &meter,
        stops: &stops,
    };
    let mut writer = Writer::new(library, analyst);
    let mut failed = None;
    std::thread::scope(|scope| {
        let (to_write, from_all) = bounded(threads * 2);
        let workers: Vec<_> = (0..threads)
            .map(|_| {
                let (photos, to_write) = (&photos, to_write.clone());
                scope.spawn(move || photos.look(&to_write))
            })
            .collect();
        drop(to_write);
        let written = writer.write(&from_all, &mut |speed| {
            events(IndexEvent::Progress(meter.progress(analyst.phase(), speed)));
        });
        // Nobody listens any more where that failed.
        halt.store(written.is_err(), Ordering::Relaxed);
        drop(from_all);
        for worker in workers {
            match worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)) {
                Ok(()) => {}
                Err(Trouble::Library(error)) => return Err(error),
                Err(Trouble::Analyst(reason)) => failed = Some(reason),
            }
        }
        written
    })?;
    if let Some(message) = failed {
        events(IndexEvent::Notice { message });
    }
    let complete = !cancel.is_cancelled();
    Ok(Looked { photos: writer.photos, told: writer.told, complete })
}

/// A place in a list of this length, another one for each process and moment.
fn somewhere(length: usize) -> usize {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let seed = (std::process::id(), now.map_or(0, |since| since.as_nanos()));
    let hash = blake3::hash(format!("{seed:?}").as_bytes());
    let number =
        hash.as_bytes().iter().fold(0usize, |n, byte| n.wrapping_mul(257) ^ usize::from(*byte));
    number % length
}

/// Why looking ended early.
enum Trouble {
    Library(IndexError),
    Analyst(String),
}

/// A photo that is done with, and what was found; nothing is in a video, which no analyst looks at.
type Found = (PhotoId, Option<Told>);

/// What became of a photo.
enum Seen {
    Done(Option<Told>),
    /// Another machine has looked at it, none of its files is here, or none can be decoded.
    Left,
}

/// What the looking threads share.
struct Photos<'a> {
    library: &'a Library,
    analyst: &'a dyn Analyst,
    ids: &'a [PhotoId],
    next: AtomicUsize,
    options: DecodeOptions,
    meter: &'a Meter,
    stops: &'a (dyn Fn() -> bool + Sync),
}

impl Photos<'_> {
    /// One thread's work.
    fn look(&self, to_write: &Sender<Found>) -> Result<(), Trouble> {
        while !(self.stops)() {
            let Some(id) = self.ids.get(self.next.fetch_add(1, Ordering::Relaxed)) else { break };
            let seen = self.look_at(*id)?;
            self.meter.done();
            if let Seen::Done(told) = seen
                && to_write.send((*id, told)).is_err()
            {
                break;
            }
        }
        Ok(())
    }

    fn look_at(&self, id: PhotoId) -> Result<Seen, Trouble> {
        let library = |error| Trouble::Library(IndexError::Library(error));
        if self.library.analysed(&self.analyst.analysis(), &[id]).map_err(library)?.contains(&true)
        {
            return Ok(Seen::Left);
        }
        let Some(photo) = self.library.photo(id).map_err(library)? else { return Ok(Seen::Left) };
        if photo.facts.video.is_some() {
            return Ok(Seen::Done(None));
        }
        for file in self.library.record_here(photo).files {
            let path = file.path.as_path();
            match self.look_at_file(id, path) {
                Ok(Some(told)) => return Ok(Seen::Done(Some(told))),
                Ok(None) => {}
                Err(LookError::Picture(error)) => {
                    log::debug!("{} was not looked at: {error}", path.display());
                }
                Err(LookError::Stopped) => return Ok(Seen::Left),
                Err(LookError::Failed(reason)) => return Err(Trouble::Analyst(reason)),
            }
        }
        Ok(Seen::Left)
    }

    /// What is found in a file; nothing when it is not there or is another picture by now.
    fn look_at_file(&self, id: PhotoId, path: &Path) -> Result<Option<Told>, LookError> {
        let content = match read(path, &self.options) {
            Ok(content) if content.id == id => content,
            Err(ReadError::Stopped) => return Err(LookError::Stopped),
            _ => return Ok(None),
        };
        let Data::Bytes { bytes, .. } = &content.data else { return Ok(None) };
        let look = || Ok(self.analyst.look(bytes, &self.options));
        seer_images::with_name(path, || seer_images::catch_bug(look))?.map(Some)
    }
}

/// Keeps what was found, a batch at a time.
struct Writer<'a> {
    library: &'a Library,
    analyst: &'a dyn Analyst,
    batch: Vec<Change>,
    since: Option<Instant>,
    photos: u64,
    told: u64,
}

impl<'a> Writer<'a> {
    fn new(library: &'a Library, analyst: &'a dyn Analyst) -> Self {
        Self { library, analyst, batch: Vec::new(), since: None, photos: 0, told: 0 }
    }

    /// Writes until nobody sends any more. `progress` hears of it a few times a second.
    fn write(
        &mut self,
        from: &Receiver<Found>,
        progress: &mut dyn FnMut(&mut Speed),
    ) -> Result<(), IndexError> {
        let (mut speed, mut shown) = (Speed::default(), Instant::now());
        progress(&mut speed);
        loop {
            match from.recv_timeout(TICK) {
                Ok((id, told)) => self.take(id, told),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            if self.since.is_some_and(|since| since.elapsed() >= AGE)
                || self.batch.len() >= 2 * PHOTOS
            {
                self.flush()?;
            }
            if shown.elapsed() >= TICK {
                shown = Instant::now();
                progress(&mut speed);
            }
        }
        self.flush()?;
        progress(&mut speed);
        Ok(())
    }

    fn take(&mut self, id: PhotoId, told: Option<Told>) {
        self.photos += u64::from(told.is_some());
        self.told += u64::from(told.as_ref().is_some_and(|told| !told.is_empty()));
        self.since.get_or_insert_with(Instant::now);
        self.batch.extend(told.map(|told| Change::Told { id, told }));
        self.batch.push(Change::Analysed { id, analysis: self.analyst.analysis() });
    }

    fn flush(&mut self) -> Result<(), IndexError> {
        self.since = None;
        match self.batch.is_empty() {
            true => Ok(()),
            false => Ok(self.library.apply(std::mem::take(&mut self.batch))?),
        }
    }
}
