//! A library seen from some of its folders: nothing else of it can be read, and nothing written.

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::{Arc, OnceLock};

use seer_types::{
    DevicePlace, Embedding, Failure, IndexKind, LibraryPath, ModelFingerprint, PhotoId, PhotoRecord,
};

use crate::{
    Album, Allowed, Analysis, BackupSummary, Change, ClassHit, Cluster, Counts, DayCounts,
    FacetCounts, Filter, Grid, HIDDEN, Having, KnownFile, Nearest, Point, SpaceEntry, SpaceReport,
    Store, StoreError, StoreErrorKind, StoreResult, TimeOrder, hidden, hidden_setting, paths,
};

/// A store of which only photos with a file in one of these folders are there, each with its files there
/// alone. For one question: which photos these are is looked up once.
///
/// Records are told apart by the bytes of paths. Counts and filters go by [`Filter::Below`], which compares
/// folded paths: photos of a folder whose path differs in case or accents alone are counted.
///
/// Of what is no photo there are the indexed folders, files there that could not be read, the hidden photos and
/// the spaces. There are no albums:
/// their names tell of other photos.
pub struct Within {
    store: Arc<dyn Store>,
    folders: Arc<[LibraryPath]>,
    /// What the paths of these folders' files begin with.
    begins: Vec<Vec<u8>>,
    allowed: OnceLock<Allowed>,
}

impl Within {
    /// The folders are named as they were indexed.
    pub fn new(store: Arc<dyn Store>, folders: Arc<[LibraryPath]>) -> Self {
        let begins = folders.iter().map(paths::below).collect();
        Self { store, folders, begins, allowed: OnceLock::new() }
    }

    fn has(&self, path: &LibraryPath) -> bool {
        let path = paths::exact(path);
        self.begins.iter().any(|begin| path.starts_with(begin))
    }

    /// The photo with its files here; `None` when it has none.
    fn seen(&self, mut photo: PhotoRecord) -> Option<PhotoRecord> {
        photo.files.retain(|file| self.has(&file.path));
        (!photo.files.is_empty()).then_some(photo)
    }

    fn filter(&self) -> Filter {
        Filter::Any(self.folders.iter().cloned().map(Filter::Below).collect())
    }

    /// The photos in these folders.
    fn all(&self) -> StoreResult<&Allowed> {
        if let Some(allowed) = self.allowed.get() {
            return Ok(allowed);
        }
        let allowed = self.store.allow(&self.filter())?;
        Ok(self.allowed.get_or_init(|| allowed))
    }

    /// What was allowed was allowed by this store.
    fn of<'a>(&'a self, allowed: Option<&'a Allowed>) -> StoreResult<Option<&'a Allowed>> {
        Ok(Some(match allowed {
            Some(allowed) => allowed,
            None => self.all()?,
        }))
    }

    /// The indexed folders that are seen: those in these folders, and these folders where they lie in one.
    fn seen_roots(&self) -> StoreResult<Vec<LibraryPath>> {
        let roots = self.store.roots()?;
        let is_here = |root: &&LibraryPath| {
            self.folders.iter().any(|folder| root.as_path().starts_with(folder.as_path()))
        };
        let lies_in_one = |folder: &&LibraryPath| {
            roots.iter().any(|root| folder.as_path().starts_with(root.as_path()))
        };
        let mut seen: Vec<LibraryPath> = roots.iter().filter(is_here).cloned().collect();
        seen.extend(self.folders.iter().filter(lies_in_one).cloned());
        seen.sort_by_key(LibraryPath::to_bytes);
        seen.dedup();
        Ok(seen)
    }
}

/// What every method says that is closed.
fn refused<T>() -> StoreResult<T> {
    Err(StoreError::new(
        StoreErrorKind::Refused,
        "only some folders of the library can be seen, and nothing can be changed",
    ))
}

impl Store for Within {
    fn apply(&self, _: &[Change]) -> StoreResult<()> {
        refused()
    }

    fn purge(&self) -> StoreResult<u64> {
        refused()
    }

    fn maintain(&self, _: &mut dyn FnMut(u64, u64) -> bool) -> StoreResult<()> {
        refused()
    }

    fn backup(&self, _: &mut dyn Write) -> StoreResult<BackupSummary> {
        refused()
    }

    fn counts(&self) -> StoreResult<Counts> {
        let mut files = 0;
        let count = &mut |known: KnownFile| {
            files += u64::from(matches!(known.state, crate::KnownState::Photo(_)));
        };
        self.folders.iter().try_for_each(|folder| self.store.files_under(folder, count))?;
        let failures = self.failures()?.len() as u64;
        Ok(Counts { photos: self.photo_count()?, files, failures })
    }

    fn photo_count(&self) -> StoreResult<u64> {
        Ok(self.all()?.count)
    }

    fn photos(&self, ids: &[PhotoId]) -> StoreResult<Vec<Option<PhotoRecord>>> {
        let photos = self.store.photos(ids)?;
        Ok(photos.into_iter().map(|photo| self.seen(photo?)).collect())
    }

    /// Of the hundred that the whole library has at most.
    fn resolve_prefix(&self, hex: &str) -> StoreResult<Vec<PhotoId>> {
        let ids = self.store.resolve_prefix(hex)?;
        let photos = self.photos(&ids)?;
        Ok(photos.into_iter().flatten().map(|photo| photo.id).collect())
    }

    fn each_photo(&self, each: &mut dyn FnMut(PhotoRecord) -> StoreResult<()>) -> StoreResult<()> {
        self.store.each_photo(&mut |photo| self.seen(photo).map_or(Ok(()), &mut *each))
    }

    fn files_under(
        &self,
        folder: &LibraryPath,
        each: &mut dyn FnMut(KnownFile),
    ) -> StoreResult<()> {
        let roots = self.seen_roots()?;
        // A folder that is not seen as a whole is the root of its files here.
        let own = |path: &LibraryPath| {
            let around = |root: &&LibraryPath| path.as_path().starts_with(root.as_path());
            roots.iter().filter(around).max_by_key(|root| root.to_bytes().len()).cloned()
        };
        self.store.files_under(folder, &mut |mut known| {
            if !self.has(&known.path) {
                return;
            }
            if !roots.contains(&known.root)
                && let Some(root) = own(&known.path)
            {
                known.root = root;
            }
            each(known);
        })
    }

    fn failures(&self) -> StoreResult<Vec<Failure>> {
        let mut failures = self.store.failures()?;
        failures.retain(|failure| self.has(&failure.path));
        Ok(failures)
    }

    fn roots(&self) -> StoreResult<Vec<LibraryPath>> {
        self.seen_roots()
    }

    fn add_root(&self, _: &LibraryPath) -> StoreResult<()> {
        refused()
    }

    fn remove_root(&self, _: &LibraryPath) -> StoreResult<()> {
        refused()
    }

    fn places(&self, _: &LibraryPath) -> StoreResult<Vec<DevicePlace>> {
        Ok(Vec::new())
    }

    fn set_places(&self, _: &LibraryPath, _: &[DevicePlace]) -> StoreResult<()> {
        refused()
    }

    fn excludes(&self, _: &LibraryPath) -> StoreResult<Vec<String>> {
        Ok(Vec::new())
    }

    fn set_excludes(&self, _: &LibraryPath, _: &[String]) -> StoreResult<()> {
        refused()
    }

    fn albums(&self) -> StoreResult<Vec<Album>> {
        Ok(Vec::new())
    }

    fn put_album(&self, _: &Album) -> StoreResult<()> {
        refused()
    }

    fn remove_album(&self, _: &str) -> StoreResult<()> {
        refused()
    }

    /// Which photos are hidden, and nothing else.
    fn settings(&self, prefix: &str) -> StoreResult<BTreeMap<String, String>> {
        let hidden = hidden(&self.store.settings(HIDDEN)?).into_iter();
        let told = hidden.map(|id| (hidden_setting(id), String::new()));
        Ok(told.filter(|(name, _)| name.starts_with(prefix)).collect())
    }

    fn set_settings(&self, _: &[(String, Option<String>)]) -> StoreResult<()> {
        refused()
    }

    fn analysed(&self, _: &Analysis, _: &[PhotoId]) -> StoreResult<Vec<bool>> {
        refused()
    }

    fn lacking(&self, _: &Analysis, _: Option<PhotoId>, _: usize) -> StoreResult<Vec<PhotoId>> {
        refused()
    }

    /// With no more photos than are here.
    fn spaces(&self) -> StoreResult<Vec<SpaceEntry>> {
        let (mut spaces, photos) = (self.store.spaces()?, self.photo_count()?);
        spaces.iter_mut().for_each(|space| space.photos = space.photos.min(photos));
        Ok(spaces)
    }

    fn add_space(&self, _: ModelFingerprint, _: &str, _: usize) -> StoreResult<()> {
        refused()
    }

    fn delete_space(&self, _: ModelFingerprint) -> StoreResult<()> {
        refused()
    }

    fn current_space(&self) -> StoreResult<Option<ModelFingerprint>> {
        self.store.current_space()
    }

    fn use_space(&self, _: ModelFingerprint) -> StoreResult<()> {
        refused()
    }

    fn set_index(&self, _: ModelFingerprint, _: IndexKind) -> StoreResult<()> {
        refused()
    }

    fn open_space(&self, model: ModelFingerprint) -> StoreResult<()> {
        self.store.open_space(model)
    }

    fn bytes_of(&self, _: ModelFingerprint) -> StoreResult<u64> {
        Ok(0)
    }

    /// With no more photos than are here.
    fn report(&self, model: ModelFingerprint) -> StoreResult<SpaceReport> {
        let report = self.store.report(model)?;
        Ok(SpaceReport { searchable: report.searchable.min(self.photo_count()?), ..report })
    }

    fn allow(&self, filter: &Filter) -> StoreResult<Allowed> {
        self.store.allow(&Filter::All(vec![self.filter(), filter.clone()]))
    }

    /// What no photo of the library has, none here has: it costs little to know.
    fn allows_any(&self, filters: &[Filter]) -> StoreResult<Vec<bool>> {
        let anywhere = self.store.allows_any(filters)?.into_iter().zip(filters);
        anywhere.map(|(any, filter)| Ok(any && self.allow(filter)?.count > 0)).collect()
    }

    fn nearest(
        &self,
        query: &Embedding,
        k: usize,
        allowed: Option<&Allowed>,
    ) -> StoreResult<Nearest> {
        self.store.nearest(query, k, self.of(allowed)?)
    }

    fn nearest_many(
        &self,
        queries: &[(&Embedding, usize)],
        allowed: Option<&Allowed>,
    ) -> StoreResult<Vec<Nearest>> {
        self.store.nearest_many(queries, self.of(allowed)?)
    }

    /// The ids come from answers of this store.
    fn cosines(&self, query: &Embedding, ids: &[PhotoId]) -> StoreResult<Vec<Option<f32>>> {
        self.store.cosines(query, ids)
    }

    fn having(
        &self,
        words: &[String],
        allowed: Option<&Allowed>,
        most: u64,
    ) -> StoreResult<Having> {
        self.store.having(words, self.of(allowed)?, most)
    }

    fn showing(
        &self,
        classes: &[String],
        allowed: Option<&Allowed>,
        most: usize,
    ) -> StoreResult<Vec<ClassHit>> {
        self.store.showing(classes, self.of(allowed)?, most)
    }

    fn by_time(
        &self,
        order: TimeOrder,
        count: usize,
        allowed: Option<&Allowed>,
    ) -> StoreResult<Vec<PhotoId>> {
        self.store.by_time(order, count, self.of(allowed)?)
    }

    fn day_counts(&self, allowed: Option<&Allowed>) -> StoreResult<DayCounts> {
        self.store.day_counts(self.of(allowed)?)
    }

    fn facets(&self, allowed: Option<&Allowed>) -> StoreResult<FacetCounts> {
        self.store.facets(self.of(allowed)?)
    }

    fn clusters(&self, grid: Grid, allowed: Option<&Allowed>) -> StoreResult<Vec<Cluster>> {
        self.store.clusters(grid, self.of(allowed)?)
    }

    fn points(&self, model: ModelFingerprint, id: PhotoId) -> StoreResult<Vec<Point>> {
        match self.photos(&[id])?.pop().flatten() {
            Some(_) => self.store.points(model, id),
            None => Ok(Vec::new()),
        }
    }

    fn each_point(
        &self,
        _: ModelFingerprint,
        _: &mut dyn FnMut(PhotoId, Point) -> StoreResult<()>,
    ) -> StoreResult<()> {
        refused()
    }
}
