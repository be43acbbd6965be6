//! Lists and graphs: when they are wanted, made beside the index, and put to use.

use std::ops::Range;
use std::sync::Arc;

use seer_types::IndexKind;

use super::{IndexParams, SpaceIndex, Structure};
use crate::VectorIndex;
use crate::graph::{self, Graphs, Links, Unbuilt};
use crate::ivf::Ivf;
use crate::store::Store;

/// New centroids are worth their time when there are this many times as many vectors.
const WORTH_TRAINING: usize = 2;

/// New centroids are chosen in the middle of an insertion when there are this many times as many
/// vectors: lists have become so long that searches suffer.
const MUST_TRAIN: usize = 8;

/// Work that an index needs, taken out of it: [`run`](Preparation::run) does it without holding
/// the index, on the vectors as they were. Full blocks of vectors are shared, not copied.
pub struct Preparation {
    store: Arc<Store>,
    work: Work,
    params: IndexParams,
    compactions: u64,
}

/// What to make.
enum Work {
    Lists,
    /// A graph over these slots.
    Graph(Range<usize>),
}

/// Lists or a graph made beside an index; see [`SpaceIndex::install`].
pub struct Prepared {
    made: Made,
    compactions: u64,
}

enum Made {
    Lists(Ivf),
    Graph(Links),
    /// hnsw_rs could not.
    NoGraph,
}

impl Made {
    /// Follows the store through a compaction, which gave each slot the number in `slots`.
    fn moved(self, slots: &[Option<u32>]) -> Option<Self> {
        Some(match self {
            Made::Lists(mut ivf) => {
                let kept = slots.get(..ivf.covered())?.iter().flatten().count();
                ivf.renumber(kept, |slot| slots.get(slot as usize).copied()?);
                Made::Lists(ivf)
            }
            Made::Graph(links) => Made::Graph(links.renumbered(slots)?),
            Made::NoGraph => Made::NoGraph,
        })
    }
}

impl Preparation {
    /// Does the work, on all threads of rayon. Lists take about 40 µs of processor time per vector
    /// at 100,000 vectors, more for more, and as much memory as they have in the end. A graph
    /// takes 1.4 ms (12,000 vectors) to 3 ms (96,000) and 1.7 KB per vector.
    ///
    /// `keep_going` hears how many vectors are done, of how many, and says whether to go on; while
    /// lists are made it is only called at the beginning and the end. `None` when it said no.
    pub fn run(self, keep_going: &mut dyn FnMut(usize, usize) -> bool) -> Option<Prepared> {
        let compactions = self.compactions;
        let made = match self.work {
            Work::Lists => Made::Lists(make_lists(&self.store, &self.params, keep_going)?),
            Work::Graph(slots) => {
                match graph::build(&self.store, slots, self.params.graph, keep_going) {
                    Ok(links) => Made::Graph(links),
                    Err(Unbuilt::Failed) => Made::NoGraph,
                    Err(Unbuilt::Stopped) => return None,
                }
            }
        };
        Some(Prepared { made, compactions })
    }
}

#[cfg(test)]
impl Prepared {
    /// What comes of a panic in hnsw_rs.
    pub(super) fn failed(compactions: u64) -> Self {
        Self { made: Made::NoGraph, compactions }
    }
}

/// Makes lists of a store's vectors; see [`Preparation::run`].
fn make_lists(
    store: &Store,
    params: &IndexParams,
    keep_going: &mut dyn FnMut(usize, usize) -> bool,
) -> Option<Ivf> {
    let vectors = store.live().len() as usize;
    if !keep_going(0, vectors) {
        return None;
    }
    let ivf = Ivf::build(store, &params.lists);
    keep_going(vectors, vectors).then_some(ivf)
}

impl SpaceIndex {
    /// Whether there is work that would make searches quicker: the lists or graphs of the
    /// [`kind`](SpaceIndex::kind) are missing or have been outgrown. Takes no time.
    pub fn needs_catch_up(&self) -> bool {
        self.work().is_some()
    }

    /// That work, to be done while the index is used and changed; `None` when there is none.
    /// Copies about 13 bytes per vector, and the vectors of the last block of 1,024.
    pub fn preparation(&self) -> Option<Preparation> {
        let (work, params, compactions) = (self.work()?, self.params, self.compactions);
        Some(Preparation { store: self.store.frozen(), work, params, compactions })
    }

    /// The same, done at once. Searches may go on meanwhile, changes may not:
    /// [`preparation`](SpaceIndex::preparation) is for callers who cannot wait.
    pub fn prepare(&self) -> Option<Prepared> {
        self.preparation()?.run(&mut |_, _| true)
    }

    /// Uses what was made before, and lets go of what it replaces. What has changed since is
    /// brought in step. Whether it could be used: not after a second compaction or another choice
    /// of kind, nor when hnsw_rs failed, which is in the log.
    pub fn install(&mut self, prepared: Prepared) -> bool {
        let moved = std::mem::take(&mut self.moved);
        let made = match self.compactions - prepared.compactions {
            0 => Some(prepared.made),
            1 => prepared.made.moved(&moved),
            _ => None,
        };
        let Some(made) = made else { return false };
        match (made, self.kind) {
            (Made::Lists(ivf), IndexKind::Auto | IndexKind::Lists) => {
                self.structure = Structure::Lists(ivf);
                self.follow(self.len());
                true
            }
            (Made::Graph(links), IndexKind::Hnsw) => self.add_graph(links),
            (Made::NoGraph, IndexKind::Hnsw) => {
                self.graph_failed = true;
                false
            }
            _ => false,
        }
    }

    /// Makes new lists or graphs if they are needed; see [`SpaceIndex::preparation`].
    pub fn catch_up(&mut self) {
        if let Some(prepared) = self.prepare() {
            self.install(prepared);
        }
    }

    fn work(&self) -> Option<Work> {
        let from = self.structure_from(self.kind);
        match (self.kind, &self.structure) {
            (IndexKind::Exact, _) => None,
            (IndexKind::Auto | IndexKind::Lists, Structure::Lists(ivf)) => {
                (self.len() >= WORTH_TRAINING * ivf.trained().max(1)).then_some(Work::Lists)
            }
            (IndexKind::Auto | IndexKind::Lists, _) => (self.len() > from).then_some(Work::Lists),
            (IndexKind::Hnsw, _) if self.graph_failed => None,
            (IndexKind::Hnsw, Structure::Graphs(graphs)) => {
                graphs.due(self.store.slot_count(), from).map(Work::Graph)
            }
            (IndexKind::Hnsw, _) => {
                (self.len() > from).then(|| Work::Graph(0..self.store.slot_count()))
            }
        }
    }

    /// What an index of this kind has beside the same vectors, made in place of
    /// [`catch_up`](SpaceIndex::catch_up)'s; `None` when `keep_going` said no. Where hnsw_rs
    /// fails there is nothing.
    pub(crate) fn structure_of(
        &self,
        kind: IndexKind,
        keep_going: &mut dyn FnMut(usize, usize) -> bool,
    ) -> Option<Structure> {
        if kind == IndexKind::Exact || self.len() <= self.structure_from(kind) {
            return Some(Structure::None);
        }
        if kind != IndexKind::Hnsw {
            return make_lists(&self.store, &self.params, keep_going).map(Structure::Lists);
        }
        let slots = 0..self.store.slot_count();
        match graph::build(&self.store.frozen(), slots, self.params.graph, keep_going) {
            Ok(links) => Graphs::over(vec![links]).map(Structure::Graphs),
            Err(Unbuilt::Failed) => Some(Structure::None),
            Err(Unbuilt::Stopped) => None,
        }
    }

    fn add_graph(&mut self, links: Links) -> bool {
        if let Structure::Graphs(graphs) = &mut self.structure {
            return graphs.add(links);
        }
        let graphs = Graphs::over(vec![links]);
        let fits = graphs.is_some();
        if let Some(graphs) = graphs {
            self.structure = Structure::Graphs(graphs);
        }
        fits
    }

    /// Brings the lists in step with the store, which had `before` vectors. Graphs are not made
    /// here: what they do not hold is scanned.
    pub(super) fn follow(&mut self, before: usize) {
        let (live, from) = (self.len(), self.structure_from(self.kind));
        let wants_lists = matches!(self.kind, IndexKind::Auto | IndexKind::Lists);
        let build = match &mut self.structure {
            Structure::Lists(ivf) if live >= MUST_TRAIN * ivf.trained().max(1) => wants_lists,
            Structure::Lists(_) | Structure::Graphs(_) => false,
            // More than that before: they were given up, or another kind was chosen.
            Structure::None => wants_lists && before <= from && live > from,
        };
        if build {
            self.structure = Structure::Lists(Ivf::build(&self.store, &self.params.lists));
        } else if let Structure::Lists(ivf) = &mut self.structure {
            ivf.extend(&self.store);
        }
    }
}
