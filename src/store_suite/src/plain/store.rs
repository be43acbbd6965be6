//! The trait, method by method.

use std::collections::BTreeMap;
use std::io::Write;

use seer_store::{
    Album, Allowed, Analysis, BackupSummary, Change, ClassHit, Cluster, Counts, DayCounts,
    FacetCounts, Filter, Grid, Having, KnownFile, Nearest, Point, SpaceEntry, SpaceReport, Store,
    StoreResult, TimeOrder,
};
use seer_types::{
    DevicePlace, Embedding, Failure, IndexKind, LibraryPath, ModelFingerprint, PhotoId, PhotoRecord,
};

use super::library::{is_under, key};
use super::{PlainStore, refused};

impl Store for PlainStore {
    fn apply(&self, batch: &[Change]) -> StoreResult<()> {
        self.change(|library| batch.iter().try_for_each(|change| library.apply(change)))
    }

    fn purge(&self) -> StoreResult<u64> {
        self.change(|library| Ok(library.purge()))
    }

    fn maintain(&self, _watch: &mut dyn FnMut(u64, u64) -> bool) -> StoreResult<()> {
        Ok(())
    }

    fn backup(&self, _out: &mut dyn Write) -> StoreResult<BackupSummary> {
        refused("a store in memory has no backups")
    }

    fn counts(&self) -> StoreResult<Counts> {
        let now = self.now();
        let files = |photo: &super::library::Photo| photo.record().files.len() as u64;
        Ok(Counts {
            photos: now.allowed(None).count() as u64,
            files: now.allowed(None).map(files).sum(),
            failures: now.failures.len() as u64,
        })
    }

    fn photos(&self, ids: &[PhotoId]) -> StoreResult<Vec<Option<PhotoRecord>>> {
        let now = self.now();
        let record = |id| now.photos.get(id).map(|photo| photo.record().clone());
        Ok(ids.iter().map(record).collect())
    }

    fn resolve_prefix(&self, hex: &str) -> StoreResult<Vec<PhotoId>> {
        Ok(self.now().resolve_prefix(hex))
    }

    fn each_photo(&self, each: &mut dyn FnMut(PhotoRecord) -> StoreResult<()>) -> StoreResult<()> {
        self.now().photos.values().try_for_each(|photo| each(photo.record().clone()))
    }

    fn files_under(
        &self,
        folder: &LibraryPath,
        each: &mut dyn FnMut(KnownFile),
    ) -> StoreResult<()> {
        let files = self.now().files().into_iter();
        files.filter(|file| is_under(&file.path, folder)).for_each(each);
        Ok(())
    }

    fn failures(&self) -> StoreResult<Vec<Failure>> {
        Ok(self.now().failures.values().cloned().collect())
    }

    fn roots(&self) -> StoreResult<Vec<LibraryPath>> {
        Ok(self.now().roots.keys().map(|key| LibraryPath::from_bytes(key)).collect())
    }

    fn add_root(&self, root: &LibraryPath) -> StoreResult<()> {
        self.change(|library| {
            library.add_root(root);
            Ok(())
        })
    }

    fn remove_root(&self, root: &LibraryPath) -> StoreResult<()> {
        self.change(|library| {
            library.roots.remove(&key(root));
            Ok(())
        })
    }

    fn places(&self, root: &LibraryPath) -> StoreResult<Vec<DevicePlace>> {
        Ok(self.now().roots.get(&key(root)).cloned().unwrap_or_default().places)
    }

    fn set_places(&self, root: &LibraryPath, places: &[DevicePlace]) -> StoreResult<()> {
        self.change(|library| {
            library.roots.entry(key(root)).or_default().places = places.to_vec();
            Ok(())
        })
    }

    fn excludes(&self, root: &LibraryPath) -> StoreResult<Vec<String>> {
        Ok(self.now().roots.get(&key(root)).cloned().unwrap_or_default().excludes)
    }

    fn set_excludes(&self, root: &LibraryPath, globs: &[String]) -> StoreResult<()> {
        self.change(|library| {
            library.roots.entry(key(root)).or_default().excludes = globs.to_vec();
            Ok(())
        })
    }

    fn albums(&self) -> StoreResult<Vec<Album>> {
        Ok(self.now().albums.values().cloned().collect())
    }

    fn put_album(&self, album: &Album) -> StoreResult<()> {
        self.change(|library| {
            library.albums.insert(album.name.clone(), album.clone());
            Ok(())
        })
    }

    fn remove_album(&self, name: &str) -> StoreResult<()> {
        self.change(|library| {
            library.albums.remove(name);
            Ok(())
        })
    }

    fn settings(&self, prefix: &str) -> StoreResult<BTreeMap<String, String>> {
        let mut settings = self.now().settings.clone();
        settings.retain(|name, _| name.starts_with(prefix));
        Ok(settings)
    }

    fn set_settings(&self, chosen: &[(String, Option<String>)]) -> StoreResult<()> {
        self.change(|library| {
            for (name, value) in chosen.iter().cloned() {
                match value {
                    Some(value) => library.settings.insert(name, value),
                    None => library.settings.remove(&name),
                };
            }
            Ok(())
        })
    }

    fn analysed(&self, what: &Analysis, ids: &[PhotoId]) -> StoreResult<Vec<bool>> {
        let now = self.now();
        Ok(ids.iter().map(|id| now.done(what, *id)).collect())
    }

    fn lacking(
        &self,
        what: &Analysis,
        after: Option<PhotoId>,
        most: usize,
    ) -> StoreResult<Vec<PhotoId>> {
        let mut ids = self.now().lacking(what, after);
        ids.truncate(most);
        Ok(ids)
    }

    fn spaces(&self) -> StoreResult<Vec<SpaceEntry>> {
        Ok(self.now().entries())
    }

    fn add_space(&self, model: ModelFingerprint, name: &str, dim: usize) -> StoreResult<()> {
        self.change(|library| library.add_space(model, name, dim))
    }

    fn delete_space(&self, model: ModelFingerprint) -> StoreResult<()> {
        self.change(|library| {
            library.delete_space(model);
            Ok(())
        })
    }

    fn current_space(&self) -> StoreResult<Option<ModelFingerprint>> {
        Ok(self.now().current)
    }

    fn use_space(&self, model: ModelFingerprint) -> StoreResult<()> {
        self.change(|library| {
            library.space(model)?;
            library.current = Some(model);
            Ok(())
        })
    }

    fn set_index(&self, model: ModelFingerprint, kind: IndexKind) -> StoreResult<()> {
        self.change(|library| {
            library.space(model)?.index = kind;
            Ok(())
        })
    }

    fn open_space(&self, _model: ModelFingerprint) -> StoreResult<()> {
        Ok(())
    }

    fn report(&self, model: ModelFingerprint) -> StoreResult<SpaceReport> {
        let now = self.now();
        let has_point = |id| now.points_of(model, id).is_some();
        let found = now.allowed(None).filter(|photo| has_point(photo.record().id));
        Ok(SpaceReport { searchable: found.count() as u64, method: "exact" })
    }

    fn bytes_of(&self, model: ModelFingerprint) -> StoreResult<u64> {
        let mut bytes = 0;
        self.each_point(model, &mut |_, point| {
            bytes += 4 * point.embedding.dim() as u64;
            Ok(())
        })?;
        Ok(bytes)
    }

    fn allow(&self, filter: &Filter) -> StoreResult<Allowed> {
        let count = self.now().allowed(Some(filter)).count() as u64;
        Ok(Allowed { filter: filter.clone(), count, kept: None })
    }

    fn nearest(
        &self,
        query: &Embedding,
        k: usize,
        allowed: Option<&Allowed>,
    ) -> StoreResult<Nearest> {
        let now = self.now();
        now.check_length(query)?;
        let mut neighbours = now.nearest(query, allowed.map(|allowed| &allowed.filter));
        neighbours.truncate(k);
        Ok(Nearest { neighbours, method: "exact", exact: true })
    }

    fn cosines(&self, query: &Embedding, ids: &[PhotoId]) -> StoreResult<Vec<Option<f32>>> {
        let now = self.now();
        now.check_length(query)?;
        Ok(ids.iter().map(|id| now.best(query, *id).map(|(_, cosine)| cosine)).collect())
    }

    fn having(
        &self,
        words: &[String],
        allowed: Option<&Allowed>,
        most: u64,
    ) -> StoreResult<Having> {
        self.now().having(words, allowed.map(|allowed| &allowed.filter), most)
    }

    fn showing(
        &self,
        classes: &[String],
        allowed: Option<&Allowed>,
        most: usize,
    ) -> StoreResult<Vec<ClassHit>> {
        let mut found = self.now().showing(classes, allowed.map(|allowed| &allowed.filter));
        found.truncate(most);
        Ok(found)
    }

    fn by_time(
        &self,
        order: TimeOrder,
        count: usize,
        allowed: Option<&Allowed>,
    ) -> StoreResult<Vec<PhotoId>> {
        let mut ids = self.now().by_time(order, allowed.map(|allowed| &allowed.filter));
        ids.truncate(count);
        Ok(ids)
    }

    fn day_counts(&self, allowed: Option<&Allowed>) -> StoreResult<DayCounts> {
        Ok(self.now().day_counts(allowed.map(|allowed| &allowed.filter)))
    }

    fn facets(&self, allowed: Option<&Allowed>) -> StoreResult<FacetCounts> {
        Ok(self.now().facets(allowed.map(|allowed| &allowed.filter)))
    }

    fn clusters(&self, grid: Grid, allowed: Option<&Allowed>) -> StoreResult<Vec<Cluster>> {
        Ok(self.now().clusters(grid, allowed.map(|allowed| &allowed.filter)))
    }

    fn points(&self, model: ModelFingerprint, id: PhotoId) -> StoreResult<Vec<Point>> {
        Ok(self.now().points(model, id))
    }

    fn each_point(
        &self,
        model: ModelFingerprint,
        each: &mut dyn FnMut(PhotoId, Point) -> StoreResult<()>,
    ) -> StoreResult<()> {
        let now = self.now();
        let ids = now.points.get(&model).into_iter().flatten().map(|(id, _)| *id);
        for id in ids {
            now.points(model, id).into_iter().try_for_each(|point| each(id, point))?;
        }
        Ok(())
    }
}
