//! The plain store with one fault.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::thread::sleep;
use std::time::Duration;

use seer_store::{
    Album, Allowed, Analysis, BackupSummary, Change, ClassHit, Cluster, Counts, DayCounts,
    FacetCounts, Filter, Grid, Having, KnownFile, Nearest, Point, SpaceEntry, SpaceReport, Store,
    StoreResult, TimeOrder,
};
use seer_types::{
    DevicePlace, Embedding, Failure, IndexKind, LibraryPath, ModelFingerprint, PhotoId, PhotoRecord,
};

use crate::{Place, PlainStore};

/// What is wrong.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Fault {
    None,
    DropsTheLastNeighbour,
    IgnoresTheFilter,
    TakesOthersThanAllowed,
    BreaksTiesByRow,
    MissesTheNearest,
    AppliesOneByOne,
    ForgetsWhenClosed,
    LooksForOddDigitsInPairs,
    MixesUpQueries,
}

#[derive(Clone)]
pub(super) struct WrongStore {
    plain: PlainStore,
    fault: Fault,
    /// Photos in the order in which they came.
    rows: Arc<Mutex<Vec<PhotoId>>>,
}

impl WrongStore {
    pub(super) fn new(fault: Fault) -> Self {
        Self { plain: PlainStore::new(), fault, rows: Arc::default() }
    }

    fn note_rows(&self, batch: &[Change]) {
        let mut rows = self.rows.lock().unwrap();
        for change in batch {
            if let Change::Photo { id, .. } = change
                && !rows.contains(id)
            {
                rows.push(*id);
            }
        }
    }

    /// As many neighbours as are allowed, but any.
    fn of_that_many(
        &self,
        query: &Embedding,
        k: usize,
        allowed: Option<&Allowed>,
    ) -> StoreResult<Nearest> {
        let right = self.plain.nearest(query, k, allowed)?.neighbours.len();
        self.plain.nearest(query, right, None)
    }
}

impl Place for WrongStore {
    fn open(&self) -> Box<dyn Store> {
        match self.fault {
            Fault::ForgetsWhenClosed => Box::new(Self::new(self.fault)),
            _ => Box::new(self.clone()),
        }
    }
}

macro_rules! handed_on {
    ($(fn $name:ident($($given:ident: $type:ty),*) -> $answer:ty;)*) => {
        $(fn $name(&self, $($given: $type),*) -> StoreResult<$answer> {
            self.plain.$name($($given),*)
        })*
    };
}

impl Store for WrongStore {
    fn apply(&self, batch: &[Change]) -> StoreResult<()> {
        self.note_rows(batch);
        if self.fault != Fault::AppliesOneByOne {
            return self.plain.apply(batch);
        }
        for change in batch {
            self.plain.apply(std::slice::from_ref(change))?;
            sleep(Duration::from_millis(2));
        }
        Ok(())
    }

    fn resolve_prefix(&self, hex: &str) -> StoreResult<Vec<PhotoId>> {
        let odd = self.fault == Fault::LooksForOddDigitsInPairs && hex.is_ascii();
        let end = if odd { hex.len() / 2 * 2 } else { hex.len() };
        self.plain.resolve_prefix(&hex[..end])
    }

    fn nearest(
        &self,
        query: &Embedding,
        k: usize,
        allowed: Option<&Allowed>,
    ) -> StoreResult<Nearest> {
        let mut found = match self.fault {
            Fault::IgnoresTheFilter => self.plain.nearest(query, k, None)?,
            Fault::TakesOthersThanAllowed => self.of_that_many(query, k, allowed)?,
            Fault::MissesTheNearest => {
                let mut more = self.plain.nearest(query, k.saturating_add(1), allowed)?;
                if more.neighbours.len() > k {
                    more.neighbours.remove(0);
                }
                more
            }
            _ => self.plain.nearest(query, k, allowed)?,
        };
        match self.fault {
            Fault::DropsTheLastNeighbour => drop(found.neighbours.pop()),
            Fault::BreaksTiesByRow => {
                let rows = self.rows.lock().unwrap();
                let row = |id| rows.iter().position(|one| *one == id);
                let better = |a: f32, b: f32| b.total_cmp(&a);
                found.neighbours.sort_by(|a, b| {
                    better(a.cosine, b.cosine).then_with(|| row(a.id).cmp(&row(b.id)))
                });
            }
            _ => {}
        }
        Ok(found)
    }

    fn nearest_many(
        &self,
        queries: &[(&Embedding, usize)],
        allowed: Option<&Allowed>,
    ) -> StoreResult<Vec<Nearest>> {
        let mut found = self.plain.nearest_many(queries, allowed)?;
        if self.fault == Fault::MixesUpQueries {
            found.reverse();
        }
        Ok(found)
    }

    handed_on! {
        fn purge() -> u64;
        fn maintain(watch: &mut dyn FnMut(u64, u64) -> bool) -> ();
        fn backup(out: &mut dyn std::io::Write) -> BackupSummary;
        fn counts() -> Counts;
        fn photos(ids: &[PhotoId]) -> Vec<Option<PhotoRecord>>;
        fn each_photo(each: &mut dyn FnMut(PhotoRecord) -> StoreResult<()>) -> ();
        fn files_under(folder: &LibraryPath, each: &mut dyn FnMut(KnownFile)) -> ();
        fn failures() -> Vec<Failure>;
        fn roots() -> Vec<LibraryPath>;
        fn add_root(root: &LibraryPath) -> ();
        fn remove_root(root: &LibraryPath) -> ();
        fn places(root: &LibraryPath) -> Vec<DevicePlace>;
        fn set_places(root: &LibraryPath, places: &[DevicePlace]) -> ();
        fn excludes(root: &LibraryPath) -> Vec<String>;
        fn set_excludes(root: &LibraryPath, globs: &[String]) -> ();
        fn albums() -> Vec<Album>;
        fn put_album(album: &Album) -> ();
        fn remove_album(name: &str) -> ();
        fn settings(prefix: &str) -> BTreeMap<String, String>;
        fn set_settings(chosen: &[(String, Option<String>)]) -> ();
        fn analysed(what: &Analysis, ids: &[PhotoId]) -> Vec<bool>;
        fn lacking(what: &Analysis, after: Option<PhotoId>, most: usize) -> Vec<PhotoId>;
        fn spaces() -> Vec<SpaceEntry>;
        fn add_space(model: ModelFingerprint, name: &str, dim: usize) -> ();
        fn delete_space(model: ModelFingerprint) -> ();
        fn current_space() -> Option<ModelFingerprint>;
        fn use_space(model: ModelFingerprint) -> ();
        fn set_index(model: ModelFingerprint, kind: IndexKind) -> ();
        fn open_space(model: ModelFingerprint) -> ();
        fn bytes_of(model: ModelFingerprint) -> u64;
        fn report(model: ModelFingerprint) -> SpaceReport;
        fn allow(filter: &Filter) -> Allowed;
        fn cosines(query: &Embedding, ids: &[PhotoId]) -> Vec<Option<f32>>;
        fn having(words: &[String], allowed: Option<&Allowed>, most: u64) -> Having;
        fn showing(classes: &[String], allowed: Option<&Allowed>, most: usize) -> Vec<ClassHit>;
        fn by_time(order: TimeOrder, count: usize, allowed: Option<&Allowed>) -> Vec<PhotoId>;
        fn day_counts(allowed: Option<&Allowed>) -> DayCounts;
        fn facets(allowed: Option<&Allowed>) -> FacetCounts;
        fn clusters(grid: Grid, allowed: Option<&Allowed>) -> Vec<Cluster>;
        fn points(model: ModelFingerprint, id: PhotoId) -> Vec<Point>;
        fn each_point(
            model: ModelFingerprint,
            each: &mut dyn FnMut(PhotoId, Point) -> StoreResult<()>
        ) -> ();
    }
}
