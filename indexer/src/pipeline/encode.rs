//! The encoder thread: prepared pictures in batches through the model.

use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender};
use seer_engine::{Part, Point, Seen};
use seer_types::{FailureKind, PhotoClass, PhotoFacts, PhotoFile, PhotoId, PreparedImage};

use super::batch::BatchSize;
use super::outcome::{Decoded, Outcome, failure};
use crate::IndexError;
use crate::progress::Meter;

/// How long a batch waits to become full while the decoders are slower.
const PATIENCE: Duration = Duration::from_millis(150);

/// This many pictures failing in a row are the model's or the device's fault, not theirs.
const SUSPICIOUS: usize = 16;

/// Pictures to what the model sees in them, in the same order, or why not.
pub(crate) type Encode<'a> = dyn Fn(&[PreparedImage]) -> Result<Vec<Seen>, String> + 'a;

/// What is known of a photo besides its pixels.
struct Label {
    id: PhotoId,
    file: PhotoFile,
    facts: Box<PhotoFacts>,
    /// How many pictures it has.
    pictures: usize,
}

/// The encoder and what it learned so far.
pub(crate) struct Encoder<'a> {
    /// The model.
    pub encode: &'a Encode<'a>,
    /// How many at once.
    pub size: BatchSize,
    /// Where busy time is counted.
    pub meter: &'a Meter,
    /// Whether to leave the rest to the next run.
    pub stops: &'a (dyn Fn() -> bool + Sync),
    /// Photos that failed in a row so far, not yet told.
    suspects: Vec<(Label, String)>,
}

impl<'a> Encoder<'a> {
    pub(crate) fn new(
        encode: &'a Encode<'a>,
        size: BatchSize,
        meter: &'a Meter,
        stops: &'a (dyn Fn() -> bool + Sync),
    ) -> Self {
        Self { encode, size, meter, stops, suspects: Vec::new() }
    }

    /// Encodes until the decoders are done or the run is stopped.
    ///
    /// # Errors
    /// `Encoder` when the model fails on everything.
    pub(crate) fn work(
        mut self,
        from: &Receiver<Decoded>,
        to: &Sender<Outcome>,
    ) -> Result<(), IndexError> {
        while let Some(batch) = collect(from, self.size.get()) {
            if (self.stops)() || !self.batch(batch, to)? {
                return Ok(());
            }
        }
        // The last pictures failed, but too few to blame the model.
        self.tell_suspects(to);
        Ok(())
    }

    /// False when nobody listens any more.
    fn batch(&mut self, batch: Vec<Decoded>, to: &Sender<Outcome>) -> Result<bool, IndexError> {
        let (mut labels, mut images) = (Vec::with_capacity(batch.len()), Vec::new());
        for Decoded { id, file, facts, pictures } in batch {
            labels.push(Label { id, file, facts, pictures: pictures.len() });
            images.extend(pictures);
        }
        let start = Instant::now();
        match self.meter.encoding(|| self.call(&images)) {
            Ok(seen) => {
                self.size.took(images.len(), start.elapsed());
                let mut seen = seen.into_iter();
                Ok(labels.into_iter().fold(true, |heard, label| {
                    let own = seen.by_ref().take(label.pictures).collect();
                    self.good(label, own, to) && heard
                }))
            }
            Err(reason) if images.len() == 1 => self.bad(labels, reason),
            Err(reason) => self.one_by_one(labels, &images, &reason, to),
        }
    }

    fn one_by_one(
        &mut self,
        labels: Vec<Label>,
        images: &[PreparedImage],
        reason: &str,
        to: &Sender<Outcome>,
    ) -> Result<bool, IndexError> {
        log::warn!("a batch of {} failed ({reason}); going on one by one", images.len());
        let (mut failed, mut rest) = (0, images.iter());
        for label in labels {
            if (self.stops)() {
                return Ok(false);
            }
            let own = rest.by_ref().take(label.pictures);
            let seen: Result<Vec<Vec<Seen>>, String> = self
                .meter
                .encoding(|| own.map(|image| self.call(std::slice::from_ref(image))).collect());
            match seen {
                Ok(seen) => {
                    if !self.good(label, seen.into_iter().flatten().collect(), to) {
                        return Ok(false);
                    }
                }
                Err(reason) => {
                    failed += 1;
                    self.bad(vec![label], reason)?;
                }
            }
        }
        if failed == 0 {
            self.size.too_large();
        }
        Ok(true)
    }

    /// The model's answer, one for each picture.
    fn call(&self, images: &[PreparedImage]) -> Result<Vec<Seen>, String> {
        let seen = (self.encode)(images)?;
        if seen.len() == images.len() {
            return Ok(seen);
        }
        Err(format!("the model gave {} embeddings for {}", seen.len(), images.len()))
    }

    fn good(&mut self, label: Label, seen: Vec<Seen>, to: &Sender<Outcome>) -> bool {
        let Label { id, file, mut facts, .. } = label;
        let (mut points, mut classes) = (Vec::with_capacity(seen.len() * 2), Vec::new());
        for (part, Seen { embedding, likeness, classes: own }) in (0..).map(Part).zip(seen) {
            let embeddings = std::iter::once(embedding).chain(likeness);
            points.extend(embeddings.map(|embedding| Point { part, embedding }));
            classes.push(own);
        }
        facts.classes = of_all(classes);
        self.tell_suspects(to) && to.send(Outcome::Encoded { id, file, facts, points }).is_ok()
    }

    fn bad(&mut self, labels: Vec<Label>, reason: String) -> Result<bool, IndexError> {
        self.suspects.extend(labels.into_iter().map(|label| (label, reason.clone())));
        if self.suspects.len() < SUSPICIOUS {
            return Ok(true);
        }
        Err(IndexError::Encoder { pictures: self.suspects.len(), reason })
    }

    /// The model works, so these pictures are bad themselves.
    fn tell_suspects(&mut self, to: &Sender<Outcome>) -> bool {
        self.suspects.drain(..).all(|(label, reason)| {
            let failure = failure(
                &label.file,
                FailureKind::Encoding,
                format!("the model could not encode it: {reason}"),
            );
            to.send(Outcome::Failed { id: Some(label.id), failure }).is_ok()
        })
    }
}

/// What a classifier takes any of a photo's pictures to show, the likeliest first; no more classes than
/// of one picture.
fn of_all(mut classes: Vec<Vec<PhotoClass>>) -> Vec<PhotoClass> {
    if classes.len() < 2 {
        return classes.pop().unwrap_or_default();
    }
    let most = classes.iter().map(Vec::len).max().unwrap_or(0);
    let mut all: Vec<PhotoClass> = classes.into_iter().flatten().collect();
    all.sort_by(|a, b| b.probability.total_cmp(&a.probability));
    let mut kept: Vec<PhotoClass> = Vec::with_capacity(most);
    for class in all {
        if kept.len() < most && kept.iter().all(|known| known.names != class.names) {
            kept.push(class);
        }
    }
    kept
}

/// Photos with about `want` pictures; at least one, fewer when they come slowly. `None`: no more will come.
fn collect(from: &Receiver<Decoded>, want: usize) -> Option<Vec<Decoded>> {
    let mut batch = vec![from.recv().ok()?];
    let mut pictures = batch[0].pictures.len();
    let deadline = Instant::now() + PATIENCE;
    while pictures < want {
        match from.recv_deadline(deadline) {
            Ok(decoded) => {
                pictures += decoded.pictures.len();
                batch.push(decoded);
            }
            Err(_) => break,
        }
    }
    Some(batch)
}

#[cfg(test)]
mod tests;
