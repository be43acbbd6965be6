//! Every kind of index on a person's own vectors: what it finds, how long it takes.

use std::borrow::Cow;
use std::time::Instant;

use roaring::RoaringBitmap;
use seer_types::{IndexKind, RowId};

use crate::random::Random;
use crate::space_index::Structure;
use crate::{Neighbour, SearchParams, SpaceIndex, VectorError, VectorIndex};

/// Neighbours asked for.
const K: usize = 10;

/// Seed of the sample: the same index gives the same queries.
const SEED: u64 = 1;

/// What is to be compared.
#[derive(Clone, Copy, Debug)]
pub struct Comparison<'a> {
    /// The kinds to measure; those that the index is not of are built for it and dropped again.
    pub kinds: &'a [IndexKind],
    /// How many of the index's own vectors are asked for, chosen by a fixed seed. Each one's own
    /// row does not count as found.
    pub sampled: usize,
    /// Unit vectors to ask for beside them, such as encoded texts.
    pub queries: &'a [&'a [f32]],
}

/// What one kind of index did.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct ComparedKind {
    /// Which one.
    pub kind: IndexKind,
    /// The part of the true ten nearest that was found, 0 to 1, over all queries. What is as near
    /// as the true tenth counts as found. 1 when there was nothing to find.
    pub recall_at_10: f64,
    /// Half of the queries took at most this long, in milliseconds, asked one by one; 0 without
    /// queries.
    pub median_ms: f64,
    /// The mean of the same.
    pub mean_ms: f64,
    /// Milliseconds it took to build its lists or graph; `None` when the index had them.
    pub build_ms: Option<f64>,
    /// Bytes its lists or graphs take beside the vectors, in memory and in the snapshot's files.
    pub bytes: usize,
}

/// How far a comparison is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CompareStep {
    /// Lists or a graph are being built.
    Building {
        /// For which kind.
        kind: IndexKind,
        /// Vectors that are in.
        done: usize,
        /// Of how many.
        of: usize,
    },
    /// The queries are being asked of all kinds in turn.
    Asking {
        /// Queries that were asked.
        done: usize,
        /// Of how many.
        of: usize,
    },
}

/// Measures each kind of index against the exact scan, with ten neighbours and without a filter.
/// Each query is asked of all kinds in turn, so that a busy machine disturbs all alike.
///
/// `progress` hears of every step and says whether to go on; `None` when it said no. Building
/// takes as long as [`Preparation::run`](crate::Preparation::run).
///
/// # Errors
/// When a query is not a unit vector of the index's dimension, or a file of the index is damaged.
pub fn compare_kinds(
    index: &SpaceIndex,
    comparison: &Comparison,
    progress: &mut dyn FnMut(CompareStep) -> bool,
) -> Result<Option<Vec<ComparedKind>>, VectorError> {
    let mut contestants = Vec::with_capacity(comparison.kinds.len());
    for kind in comparison.kinds {
        let mut building = |done, of| progress(CompareStep::Building { kind: *kind, done, of });
        match Contestant::new(index, *kind, &mut building) {
            Some(contestant) => contestants.push(contestant),
            None => return Ok(None),
        }
    }
    let questions = questions(index, comparison);
    for (done, question) in questions.iter().enumerate() {
        if !progress(CompareStep::Asking { done, of: questions.len() }) {
            return Ok(None);
        }
        let truth = question.ask(index, (IndexKind::Exact, &Structure::None))?;
        for contestant in &mut contestants {
            contestant.ask(question, &truth)?;
        }
    }
    progress(CompareStep::Asking { done: questions.len(), of: questions.len() });
    Ok(Some(contestants.into_iter().map(Contestant::result).collect()))
}

/// A query and the row that does not count.
struct Question<'a> {
    query: Cow<'a, [f32]>,
    own: Option<RowId>,
}

/// The sampled rows, then the queries given.
fn questions<'a>(index: &SpaceIndex, comparison: &Comparison<'a>) -> Vec<Question<'a>> {
    let own = sample(index.rows(), comparison.sampled).into_iter().map(RowId);
    let own =
        own.filter_map(|row| Some(Question { query: index.get(row)?.into(), own: Some(row) }));
    let given =
        comparison.queries.iter().map(|query| Question { query: (*query).into(), own: None });
    own.chain(given).collect()
}

/// `count` of the rows, or all, ascending.
fn sample(rows: &RoaringBitmap, count: usize) -> RoaringBitmap {
    let mut random = Random::new(SEED);
    let all = rows.len() as usize;
    if count >= all {
        return rows.clone();
    }
    let mut chosen = RoaringBitmap::new();
    while (chosen.len() as usize) < count {
        chosen.extend(rows.select(random.below(all) as u32));
    }
    chosen
}

impl Question<'_> {
    /// The ten nearest without the query's own row.
    fn ask(
        &self,
        index: &SpaceIndex,
        of: (IndexKind, &Structure),
    ) -> Result<Vec<Neighbour>, VectorError> {
        let k = K + usize::from(self.own.is_some());
        let params = SearchParams { k, ..Default::default() };
        let mut found = index.search_as(of, &self.query, &params)?.neighbours;
        found.retain(|neighbour| Some(neighbour.row) != self.own);
        found.truncate(K);
        Ok(found)
    }
}

/// One kind with what it has beside the vectors.
struct Contestant<'a> {
    index: &'a SpaceIndex,
    kind: IndexKind,
    /// `None` when the index itself has it.
    built: Option<Structure>,
    build_ms: Option<f64>,
    times: Vec<f64>,
    found: usize,
    wanted: usize,
}

impl<'a> Contestant<'a> {
    fn new(
        index: &'a SpaceIndex,
        kind: IndexKind,
        building: &mut dyn FnMut(usize, usize) -> bool,
    ) -> Option<Self> {
        let start = Instant::now();
        let built = match (&index.structure, kind) {
            (Structure::Lists(_), IndexKind::Auto | IndexKind::Lists) => None,
            (Structure::Graphs(_), IndexKind::Hnsw) => None,
            _ => Some(index.structure_of(kind, building)?),
        };
        let build_ms = match built {
            Some(Structure::Lists(_) | Structure::Graphs(_)) => Some(milliseconds(start)),
            Some(Structure::None) | None => None,
        };
        let times = Vec::new();
        Some(Self { index, kind, built, build_ms, times, found: 0, wanted: 0 })
    }

    fn structure(&self) -> &Structure {
        self.built.as_ref().unwrap_or(&self.index.structure)
    }

    fn ask(&mut self, question: &Question, truth: &[Neighbour]) -> Result<(), VectorError> {
        let start = Instant::now();
        let found = question.ask(self.index, (self.kind, self.structure()))?;
        self.times.push(milliseconds(start));
        if let Some(last) = truth.last() {
            self.found += found.iter().filter(|found| found.cosine >= last.cosine).count();
            self.wanted += truth.len();
        }
        Ok(())
    }

    fn result(mut self) -> ComparedKind {
        self.times.sort_by(f64::total_cmp);
        let asked = self.times.len();
        let recall = if self.wanted == 0 { 1.0 } else { self.found as f64 / self.wanted as f64 };
        ComparedKind {
            kind: self.kind,
            recall_at_10: recall,
            median_ms: self.times.get(asked.saturating_sub(1) / 2).copied().unwrap_or(0.0),
            mean_ms: self.times.iter().sum::<f64>() / asked.max(1) as f64,
            build_ms: self.build_ms,
            bytes: self.structure().bytes(),
        }
    }
}

fn milliseconds(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1e3
}

#[cfg(test)]
mod tests;
