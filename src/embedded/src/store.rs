//! The embedded store as a [`Store`].

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::Arc;

use seer_catalog::StoredPoint;
use seer_store::{
    Album, Allowed, Analysis, BackupSummary, Change, ClassHit, Cluster, Counts, DayCounts,
    FacetCounts, Filter, Grid, Having, KnownFile, Nearest, Point, SpaceEntry, SpaceReport, Store,
    StoreResult, TimeOrder,
};
use seer_types::{
    DevicePlace, Embedding, Failure, IndexKind, LibraryPath, ModelFingerprint, PhotoId, PhotoRecord,
};

use crate::EmbeddedStore;
use crate::error::EmbeddedError;

/// What [`Store::each_photo`] and [`Store::each_point`] may end with.
enum Ended {
    Here(EmbeddedError),
    There(seer_store::StoreError),
}

impl From<seer_catalog::CatalogError> for Ended {
    fn from(error: seer_catalog::CatalogError) -> Self {
        Self::Here(error.into())
    }
}

impl From<Ended> for seer_store::StoreError {
    fn from(ended: Ended) -> Self {
        match ended {
            Ended::Here(error) => error.into(),
            Ended::There(error) => error,
        }
    }
}

impl EmbeddedStore {
    /// For each photo the best cosine of its points.
    fn best_cosines(
        &self,
        query: &Embedding,
        ids: &[PhotoId],
    ) -> Result<Vec<Option<f32>>, EmbeddedError> {
        let found = query.dim();
        if let Some(expected) = self.catalog.length_of(query.model())?.filter(|dim| *dim != found) {
            return Err(EmbeddedError::WrongQuery { found, expected });
        }
        let cosine = |stored: &StoredPoint| -> f32 {
            let pairs = query.values().iter().zip(stored.point.embedding.values());
            pairs.map(|(a, b)| a * b).sum()
        };
        let best = |id: &PhotoId| {
            let points = self.catalog.points(query.model(), *id)?;
            Ok(points.iter().map(cosine).max_by(f32::total_cmp))
        };
        ids.iter().map(best).collect()
    }

    /// What a search may find; everything, where nothing is asked for.
    fn rows(
        &self,
        allowed: Option<&Allowed>,
    ) -> Result<Option<Arc<roaring::RoaringBitmap>>, EmbeddedError> {
        allowed.map(|allowed| self.allowed_rows(allowed)).transpose()
    }
}

/// A catalog's answer as the store's.
fn told<T>(answer: Result<T, seer_catalog::CatalogError>) -> StoreResult<T> {
    Ok(answer.map_err(EmbeddedError::from)?)
}

impl Store for EmbeddedStore {
    fn apply(&self, batch: &[Change]) -> StoreResult<()> {
        Ok(self.write(batch)?)
    }

    fn purge(&self) -> StoreResult<u64> {
        Ok(self.purge_all()?)
    }

    fn maintain(&self, watch: &mut dyn FnMut(u64, u64) -> bool) -> StoreResult<()> {
        self.keep_indexes(watch);
        Ok(())
    }

    fn backup(&self, out: &mut dyn Write) -> StoreResult<BackupSummary> {
        told(self.catalog.dump(out))
    }

    fn counts(&self) -> StoreResult<Counts> {
        Ok(self.catalog.counts())
    }

    fn photos(&self, ids: &[PhotoId]) -> StoreResult<Vec<Option<PhotoRecord>>> {
        told(self.catalog.records_of(ids))
    }

    fn resolve_prefix(&self, hex: &str) -> StoreResult<Vec<PhotoId>> {
        told(self.catalog.resolve_prefix(hex))
    }

    fn each_photo(&self, each: &mut dyn FnMut(PhotoRecord) -> StoreResult<()>) -> StoreResult<()> {
        let ended = self.catalog.for_each_record(|record| each(record).map_err(Ended::There));
        Ok(ended?)
    }

    fn files_under(
        &self,
        folder: &LibraryPath,
        each: &mut dyn FnMut(KnownFile),
    ) -> StoreResult<()> {
        told(self.catalog.for_each_file_under(folder, each))
    }

    fn failures(&self) -> StoreResult<Vec<Failure>> {
        told(self.catalog.failures())
    }

    fn roots(&self) -> StoreResult<Vec<LibraryPath>> {
        told(self.catalog.roots())
    }

    fn add_root(&self, root: &LibraryPath) -> StoreResult<()> {
        told(self.catalog.set_root(root))
    }

    fn remove_root(&self, root: &LibraryPath) -> StoreResult<()> {
        told(self.catalog.remove_root(root))
    }

    fn places(&self, root: &LibraryPath) -> StoreResult<Vec<DevicePlace>> {
        told(self.catalog.places(root))
    }

    fn set_places(&self, root: &LibraryPath, places: &[DevicePlace]) -> StoreResult<()> {
        told(self.catalog.set_places(root, places))
    }

    fn excludes(&self, root: &LibraryPath) -> StoreResult<Vec<String>> {
        told(self.catalog.excludes(root))
    }

    fn set_excludes(&self, root: &LibraryPath, globs: &[String]) -> StoreResult<()> {
        told(self.catalog.set_excludes(root, globs))
    }

    fn albums(&self) -> StoreResult<Vec<Album>> {
        told(self.catalog.albums())
    }

    fn put_album(&self, album: &Album) -> StoreResult<()> {
        told(self.catalog.put_album(album))
    }

    fn remove_album(&self, name: &str) -> StoreResult<()> {
        told(self.catalog.remove_album(name))
    }

    fn settings(&self, prefix: &str) -> StoreResult<BTreeMap<String, String>> {
        told(self.catalog.settings(prefix))
    }

    fn set_settings(&self, chosen: &[(String, Option<String>)]) -> StoreResult<()> {
        told(self.catalog.set_settings(chosen))
    }

    fn analysed(&self, what: &Analysis, ids: &[PhotoId]) -> StoreResult<Vec<bool>> {
        ids.iter().map(|id| told(self.catalog.is_analysed(what, *id))).collect()
    }

    fn lacking(
        &self,
        what: &Analysis,
        after: Option<PhotoId>,
        most: usize,
    ) -> StoreResult<Vec<PhotoId>> {
        told(self.catalog.lacking(what, after, most))
    }

    fn spaces(&self) -> StoreResult<Vec<SpaceEntry>> {
        told(self.catalog.spaces())
    }

    fn add_space(&self, model: ModelFingerprint, name: &str, dim: usize) -> StoreResult<()> {
        told(self.catalog.add_space(model, name, dim))
    }

    fn delete_space(&self, model: ModelFingerprint) -> StoreResult<()> {
        Ok(self.drop_space(model)?)
    }

    fn current_space(&self) -> StoreResult<Option<ModelFingerprint>> {
        Ok(self.catalog.current_space())
    }

    fn use_space(&self, model: ModelFingerprint) -> StoreResult<()> {
        told(self.catalog.use_space(model))
    }

    fn set_index(&self, model: ModelFingerprint, kind: IndexKind) -> StoreResult<()> {
        Ok(self.index_by(model, kind)?)
    }

    fn open_space(&self, model: ModelFingerprint) -> StoreResult<()> {
        Ok(self.space(model).map(drop)?)
    }

    fn bytes_of(&self, model: ModelFingerprint) -> StoreResult<u64> {
        Ok(self.bytes_on_disk(model)?)
    }

    fn report(&self, model: ModelFingerprint) -> StoreResult<SpaceReport> {
        Ok(self.report_of(model)?)
    }

    fn allow(&self, filter: &Filter) -> StoreResult<Allowed> {
        let rows = self.rows_of(filter)?;
        Ok(Allowed { filter: filter.clone(), count: rows.len(), kept: Some(Arc::new(rows)) })
    }

    fn allows_any(&self, filters: &[Filter]) -> StoreResult<Vec<bool>> {
        Ok(self.any_allowed(filters)?)
    }

    fn nearest(
        &self,
        query: &Embedding,
        k: usize,
        allowed: Option<&Allowed>,
    ) -> StoreResult<Nearest> {
        let rows = self.rows(allowed)?;
        Ok(self.nearest_photos(query, k, rows.as_deref())?)
    }

    fn nearest_many(
        &self,
        queries: &[(&Embedding, usize)],
        allowed: Option<&Allowed>,
    ) -> StoreResult<Vec<Nearest>> {
        let rows = self.rows(allowed)?;
        Ok(self.nearest_photos_of_many(queries, rows.as_deref())?)
    }

    fn cosines(&self, query: &Embedding, ids: &[PhotoId]) -> StoreResult<Vec<Option<f32>>> {
        Ok(self.best_cosines(query, ids)?)
    }

    fn having(
        &self,
        words: &[String],
        allowed: Option<&Allowed>,
        most: u64,
    ) -> StoreResult<Having> {
        let rows = self.rows(allowed)?;
        Ok(self.photos_having(words, rows.as_deref(), most)?)
    }

    fn showing(
        &self,
        classes: &[String],
        allowed: Option<&Allowed>,
        most: usize,
    ) -> StoreResult<Vec<ClassHit>> {
        let rows = self.rows(allowed)?;
        Ok(self.photos_showing(classes, rows.as_deref(), most)?)
    }

    fn by_time(
        &self,
        order: TimeOrder,
        count: usize,
        allowed: Option<&Allowed>,
    ) -> StoreResult<Vec<PhotoId>> {
        let rows = self.rows(allowed)?;
        Ok(self.photos_by_time(order, count, rows.as_deref())?)
    }

    fn day_counts(&self, allowed: Option<&Allowed>) -> StoreResult<DayCounts> {
        let rows = self.rows(allowed)?;
        Ok(self.ask_words(|words| words.day_counts(rows.as_deref()))?)
    }

    fn facets(&self, allowed: Option<&Allowed>) -> StoreResult<FacetCounts> {
        let rows = self.rows(allowed)?;
        Ok(self.ask_words(|words| words.facets(rows.as_deref()))?)
    }

    fn clusters(&self, grid: Grid, allowed: Option<&Allowed>) -> StoreResult<Vec<Cluster>> {
        let rows = self.rows(allowed)?;
        Ok(self.photo_clusters(grid, rows.as_deref())?)
    }

    fn points(&self, model: ModelFingerprint, id: PhotoId) -> StoreResult<Vec<Point>> {
        let stored = told(self.catalog.points(model, id))?;
        Ok(stored.into_iter().map(|stored| stored.point).collect())
    }

    fn each_point(
        &self,
        model: ModelFingerprint,
        each: &mut dyn FnMut(PhotoId, Point) -> StoreResult<()>,
    ) -> StoreResult<()> {
        let ended = self
            .catalog
            .for_each_point(model, |stored| each(stored.id, stored.point).map_err(Ended::There));
        Ok(ended.map(|_| ())?)
    }
}
