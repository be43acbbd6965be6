//! Texts that are asked for at the same time, encoded together.
//!
//! One thread encodes at a time. Texts that arrive meanwhile wait, and whoever of them is first
//! when it is done takes along all that wait: weights are then read from memory once for all of
//! them. Who is alone does not wait.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock};

use seer_encoders::{EncodeError, LanguageTower, Model};
use seer_types::Embedding;

/// Texts encoded together at the most; those of one query always are.
const BATCH: usize = 16;

/// What turns token ids into embeddings: a text tower.
pub(crate) trait TextEncoder {
    /// The texts' embeddings, in order; each as if it were alone.
    fn encode(&self, texts: &[&[u32]]) -> Result<Vec<Embedding>, EncodeError>;
}

impl TextEncoder for Model {
    fn encode(&self, texts: &[&[u32]]) -> Result<Vec<Embedding>, EncodeError> {
        self.encode_ids(texts)
    }
}

impl TextEncoder for LanguageTower {
    fn encode(&self, texts: &[&[u32]]) -> Result<Vec<Embedding>, EncodeError> {
        self.encode_ids(texts)
    }
}

/// In front of the text towers.
pub(crate) struct TextQueue<E: ?Sized = dyn TextEncoder + Send + Sync> {
    line: Mutex<Line<E>>,
    /// A batch is done: its waiters have their outcome, and somebody else may encode.
    done: Condvar,
}

struct Line<E: ?Sized> {
    waiting: VecDeque<Arc<Ticket<E>>>,
    encoding: bool,
}

/// One query's texts, as token ids.
struct Ticket<E: ?Sized> {
    model: Arc<E>,
    texts: Vec<Vec<u32>>,
    outcome: OnceLock<Outcome>,
}

#[derive(Clone)]
enum Outcome {
    Encoded(Vec<Embedding>),
    /// The batch failed: whoever waits encodes by itself and gets its own error.
    Alone,
}

impl<E: TextEncoder + ?Sized> TextQueue<E> {
    pub(crate) fn new() -> Self {
        let line = Line { waiting: VecDeque::new(), encoding: false };
        Self { line: Mutex::new(line), done: Condvar::new() }
    }

    /// The texts' embeddings, in order. Does not depend on who else asks.
    ///
    /// # Errors
    /// The encoder's for these texts; those of others stay theirs.
    pub(crate) fn encode(
        &self,
        model: &Arc<E>,
        texts: Vec<Vec<u32>>,
    ) -> Result<Vec<Embedding>, EncodeError> {
        let ticket = Arc::new(Ticket { model: Arc::clone(model), texts, outcome: OnceLock::new() });
        match self.outcome(&ticket) {
            Outcome::Encoded(embeddings) => Ok(embeddings),
            Outcome::Alone => encode(&**model, &[&*ticket]),
        }
    }

    /// Stands in line until the ticket has an outcome, and encodes when nobody else does.
    fn outcome(&self, ticket: &Arc<Ticket<E>>) -> Outcome {
        let mut line = self.lock();
        line.waiting.push_back(Arc::clone(ticket));
        loop {
            if let Some(outcome) = ticket.outcome.get() {
                return outcome.clone();
            }
            if line.encoding {
                line = self.done.wait(line).unwrap_or_else(|e| e.into_inner());
            } else {
                line.encoding = true;
                let turn = Turn { queue: self, batch: line.next_batch() };
                drop(line);
                turn.encode();
                drop(turn);
                line = self.lock();
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Line<E>> {
        self.line.lock().unwrap_or_else(|e| e.into_inner())
    }
}

impl<E: ?Sized> Line<E> {
    /// The first in line, and those behind it that fit into a batch with it.
    fn next_batch(&mut self) -> Vec<Arc<Ticket<E>>> {
        let mut batch: Vec<Arc<Ticket<E>>> = self.waiting.pop_front().into_iter().collect();
        let mut texts: usize = batch.iter().map(|ticket| ticket.texts.len()).sum();
        while let Some(next) = self.waiting.front() {
            texts += next.texts.len();
            if texts > BATCH || !Arc::ptr_eq(&next.model, &batch[0].model) {
                break;
            }
            batch.extend(self.waiting.pop_front());
        }
        batch
    }
}

/// The right to encode, and for whom. When it is given back, whoever has no outcome is told to
/// encode alone.
struct Turn<'a, E: TextEncoder + ?Sized> {
    queue: &'a TextQueue<E>,
    batch: Vec<Arc<Ticket<E>>>,
}

impl<E: TextEncoder + ?Sized> Turn<'_, E> {
    fn encode(&self) {
        let Some(first) = self.batch.first() else { return };
        let tickets: Vec<&Ticket<E>> = self.batch.iter().map(Arc::as_ref).collect();
        // A text of somebody else may be what it panics at.
        let encoded = catch_unwind(AssertUnwindSafe(|| encode(&*first.model, &tickets)));
        let Ok(Ok(embeddings)) = encoded else { return };
        let mut embeddings = embeddings.into_iter();
        for ticket in &self.batch {
            let own = embeddings.by_ref().take(ticket.texts.len()).collect();
            let _ = ticket.outcome.set(Outcome::Encoded(own));
        }
    }
}

impl<E: TextEncoder + ?Sized> Drop for Turn<'_, E> {
    fn drop(&mut self) {
        for ticket in &self.batch {
            let _ = ticket.outcome.set(Outcome::Alone);
        }
        self.queue.lock().encoding = false;
        self.queue.done.notify_all();
    }
}

fn encode<E: TextEncoder + ?Sized>(
    model: &E,
    tickets: &[&Ticket<E>],
) -> Result<Vec<Embedding>, EncodeError> {
    let texts = tickets.iter().flat_map(|ticket| &ticket.texts);
    model.encode(&texts.map(Vec::as_slice).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::thread;

    use seer_types::ModelFingerprint;

    use super::*;

    /// A text's embedding is its first id's; some ids fail. Holds its first batch until it is let
    /// go, and remembers how many texts each batch had.
    #[derive(Default)]
    struct Fake {
        batches: Mutex<Vec<usize>>,
        go: AtomicBool,
    }

    const FAILS: u32 = 404;
    const PANICS: u32 = 666;

    impl TextEncoder for Fake {
        fn encode(&self, texts: &[&[u32]]) -> Result<Vec<Embedding>, EncodeError> {
            self.batches.lock().unwrap().push(texts.len());
            while !self.go.load(Ordering::Acquire) {
                thread::yield_now();
            }
            let has = |id| texts.iter().any(|text| text[0] == id);
            assert!(!has(PANICS), "on purpose");
            if has(FAILS) {
                return Err(EncodeError::Input("on purpose".into()));
            }
            Ok(texts.iter().map(|text| embedding(text[0])).collect())
        }
    }

    fn embedding(id: u32) -> Embedding {
        Embedding::new(ModelFingerprint([1; 16]), vec![id as f32, 1.0]).unwrap()
    }

    /// Asks for each of the texts on a thread of its own, while the first one is being encoded:
    /// whether each got its own embedding (`None`: it panicked), and the sizes of the batches.
    fn ask(ids: &[u32]) -> (Vec<Option<bool>>, Vec<usize>) {
        let (queue, model) = (TextQueue::<Fake>::new(), Arc::new(Fake::default()));
        let one = |id: u32| match queue.encode(&model, vec![vec![id]]) {
            Ok(found) => found == [embedding(id)],
            Err(_) => false,
        };
        let outcomes = thread::scope(|scope| {
            let one = &one;
            let mut threads = Vec::new();
            for (number, id) in ids.iter().enumerate() {
                threads.push(scope.spawn(move || one(*id)));
                let arrived = |line: &Line<Fake>| line.encoding && line.waiting.len() == number;
                while !arrived(&queue.lock()) {
                    thread::yield_now();
                }
            }
            model.go.store(true, Ordering::Release);
            threads.into_iter().map(|thread| thread.join().ok()).collect()
        });
        let batches = model.batches.lock().unwrap().clone();
        (outcomes, batches)
    }

    #[test]
    fn who_waits_is_encoded_together() {
        assert_eq!(ask(&[1]), (vec![Some(true)], vec![1]));
        assert_eq!(ask(&[1, 2, 3, 4, 5]), (vec![Some(true); 5], vec![1, 4]));
        let many: Vec<u32> = (1..=20).collect();
        assert_eq!(ask(&many), (vec![Some(true); 20], vec![1, BATCH, 3]));
    }

    #[test]
    fn a_text_fails_alone() {
        let (outcomes, batches) = ask(&[1, 2, FAILS, 3]);
        assert_eq!(outcomes, [Some(true), Some(true), Some(false), Some(true)]);
        assert_eq!(batches, [1, 3, 1, 1, 1], "the batch, then one by one");
        assert_eq!(ask(&[FAILS, 2]).0, [Some(false), Some(true)]);
    }

    #[test]
    fn a_panic_is_no_one_elses() {
        assert_eq!(ask(&[1, 2, PANICS, 3]).0, [Some(true), Some(true), None, Some(true)]);
        assert_eq!(ask(&[PANICS, 2]).0, [None, Some(true)]);
    }

    #[test]
    fn the_texts_of_one_query_stay_together() {
        let (queue, model) = (TextQueue::<Fake>::new(), Arc::new(Fake::default()));
        model.go.store(true, Ordering::Release);
        let ids: Vec<u32> = (0..BATCH as u32 + 3).collect();
        let found = queue.encode(&model, ids.iter().map(|id| vec![*id]).collect()).unwrap();
        assert_eq!(found, ids.iter().map(|id| embedding(*id)).collect::<Vec<_>>());
        assert_eq!(*model.batches.lock().unwrap(), [BATCH + 3]);
    }
}
