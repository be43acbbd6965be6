//! The seam between a library and what keeps it.

use std::collections::BTreeMap;
use std::io::Write;

use seer_types::{
    DevicePlace, Embedding, Failure, IndexKind, LibraryPath, ModelFingerprint, PhotoId, PhotoRecord,
};

use crate::{
    Album, Allowed, Analysis, BackupSummary, Change, ClassHit, Cluster, Counts, DayCounts,
    FacetCounts, Filter, Grid, Having, KnownFile, Nearest, Point, SpaceEntry, SpaceReport,
    StoreResult, TimeOrder, WorkList,
};

/// What keeps a library: photos with their files, points in the spaces of models, words.
///
/// Shared between threads; every method may wait for a disk or a server. Photos are named by their
/// ids alone, paths and folders by their bytes without a separator at the end. A photo without a
/// file is kept (a copy may come back) but is in no answer to a filter or a search and in no count
/// of photos; [`Store::purge`] lets go of it.
///
/// # Errors
/// Every method may fail with any [`crate::StoreErrorKind`] that says something of the store as a
/// whole: `Locked`, `Damaged`, `Unreachable`, `System`. Others are named where they can come.
pub trait Store: Send + Sync {
    /// Does a batch: all of it or, on an error, nothing. On return it is durable, and every answer
    /// knows of it. A later change of the batch sees what earlier ones did.
    ///
    /// # Errors
    /// `Full`; `Refused` for a change of an unknown photo, for a point whose length is not its
    /// space's (where only points came: that of the others), and for an analysis whose name is not
    /// 1 to 100 bytes long.
    fn apply(&self, batch: &[Change]) -> StoreResult<()>;

    /// Drops every photo without a file: record, points, analyses, words. Takes every trace of
    /// them, and of files that left, out of what it keeps; where that has to wait, its
    /// documentation says until when. Returns how many photos went.
    ///
    /// # Errors
    /// `Full`. Stopped anywhere, the next call goes on.
    fn purge(&self) -> StoreResult<u64>;

    /// Does what makes later answers and the next start faster, where there is something to do.
    /// Answers and changes go on meanwhile.
    ///
    /// `watch` hears how much of a long step is done, of how much, and says whether to go on; where
    /// it says no, what takes long is left to the next call.
    fn maintain(&self, watch: &mut dyn FnMut(u64, u64) -> bool) -> StoreResult<()>;

    /// Writes all that cannot be made again, as it is now, into one file. Answers go on, changes
    /// wait.
    ///
    /// # Errors
    /// `System` when `out` cannot be written; `Refused` by a store whose server makes backups
    /// itself, with how.
    fn backup(&self, out: &mut dyn Write) -> StoreResult<BackupSummary>;

    /// How much there is.
    fn counts(&self) -> StoreResult<Counts>;

    /// The photos of [`Store::counts`] alone, which every search asks for.
    fn photo_count(&self) -> StoreResult<u64> {
        Ok(self.counts()?.photos)
    }

    /// The records of photos, those without files included, in the order of the ids; `None` for
    /// an unknown one.
    fn photos(&self, ids: &[PhotoId]) -> StoreResult<Vec<Option<PhotoRecord>>>;

    /// Ids that begin with these hex digits (either case), sorted, at most 100, those of photos
    /// without files included. Every id begins with no digits; text that is no hex number or is
    /// longer than an id has none.
    fn resolve_prefix(&self, hex: &str) -> StoreResult<Vec<PhotoId>>;

    /// Every photo's record by id, those without files included. An error of `each` ends it and is
    /// handed on.
    fn each_photo(&self, each: &mut dyn FnMut(PhotoRecord) -> StoreResult<()>) -> StoreResult<()>;

    /// Every known path below a folder (or the path itself), failures included, in no order.
    fn files_under(&self, folder: &LibraryPath, each: &mut dyn FnMut(KnownFile))
    -> StoreResult<()>;

    /// The files that could not be read, by the bytes of their paths.
    fn failures(&self) -> StoreResult<Vec<Failure>>;

    /// The indexed folders, by the bytes of their paths.
    fn roots(&self) -> StoreResult<Vec<LibraryPath>>;

    /// Remembers an indexed folder; one remembered already keeps its devices and excludes.
    fn add_root(&self, root: &LibraryPath) -> StoreResult<()>;

    /// Forgets that a folder is an indexed one; its files stay until they are unlinked.
    fn remove_root(&self, root: &LibraryPath) -> StoreResult<()>;

    /// The devices that an indexed folder's files lie on, as they were told last; empty where
    /// none were told.
    fn places(&self, root: &LibraryPath) -> StoreResult<Vec<DevicePlace>>;

    /// Remembers an indexed folder with the devices that its files lie on; its excludes stay.
    fn set_places(&self, root: &LibraryPath, places: &[DevicePlace]) -> StoreResult<()>;

    /// The globs of what an indexed folder leaves out, as they were told last; empty where none were
    /// told.
    fn excludes(&self, root: &LibraryPath) -> StoreResult<Vec<String>>;

    /// Remembers an indexed folder with the globs of what it leaves out; its devices stay.
    fn set_excludes(&self, root: &LibraryPath, globs: &[String]) -> StoreResult<()>;

    /// The albums, by the bytes of their names.
    fn albums(&self) -> StoreResult<Vec<Album>>;

    /// Remembers an album, in place of one with the same name.
    ///
    /// # Errors
    /// `Full`.
    fn put_album(&self, album: &Album) -> StoreResult<()>;

    /// Forgets an album; an unknown one is no error.
    fn remove_album(&self, name: &str) -> StoreResult<()>;

    /// What people chose for the library, by name, where names begin with `prefix`; "" for everything.
    fn settings(&self, prefix: &str) -> StoreResult<BTreeMap<String, String>>;

    /// Chooses values by name, all of them or none; `None`: as if nobody had chosen. Names are short, not
    /// empty, and no two of them the same.
    ///
    /// # Errors
    /// `Full`.
    fn set_settings(&self, chosen: &[(String, Option<String>)]) -> StoreResult<()>;

    /// For each photo, whether the analysis is done; false for an unknown one.
    fn analysed(&self, what: &Analysis, ids: &[PhotoId]) -> StoreResult<Vec<bool>>;

    /// Photos with a file for which the analysis is not done, with ids above `after`, by id; at
    /// most `most`.
    fn lacking(
        &self,
        what: &Analysis,
        after: Option<PhotoId>,
        most: usize,
    ) -> StoreResult<Vec<PhotoId>>;

    /// The spaces that were added or have points, by model.
    fn spaces(&self) -> StoreResult<Vec<SpaceEntry>>;

    /// Remembers a space: the name to load its model by, and its numbers per embedding. From now on
    /// points of another length are refused. One remembered already gets the new name.
    ///
    /// # Errors
    /// `Refused` when it, or a point in it, has another length already.
    fn add_space(&self, model: ModelFingerprint, name: &str, dim: usize) -> StoreResult<()>;

    /// Drops a space with all its points and its index. An unknown one is no error; the one in use
    /// is none any more.
    fn delete_space(&self, model: ModelFingerprint) -> StoreResult<()>;

    /// The space in use, once one was chosen.
    fn current_space(&self) -> StoreResult<Option<ModelFingerprint>>;

    /// Makes a space the one in use.
    ///
    /// # Errors
    /// `Refused` for one that was not added.
    fn use_space(&self, model: ModelFingerprint) -> StoreResult<()>;

    /// Has the space's vectors indexed in this way from now on. Answers go on as before until the
    /// index stands.
    ///
    /// # Errors
    /// `Refused` for a space that was not added.
    fn set_index(&self, model: ModelFingerprint, kind: IndexKind) -> StoreResult<()>;

    /// Makes a space ready to be asked, so that the first question finds it so. One that was not
    /// added is no error.
    fn open_space(&self, model: ModelFingerprint) -> StoreResult<()>;

    /// About how many bytes a space's points and its index take where they are kept; none for an
    /// unknown one.
    fn bytes_of(&self, model: ModelFingerprint) -> StoreResult<u64>;

    /// A space as it can be asked now; made ready for that if it is not.
    fn report(&self, model: ModelFingerprint) -> StoreResult<SpaceReport>;

    /// The photos that a filter allows.
    fn allow(&self, filter: &Filter) -> StoreResult<Allowed>;

    /// For each of these filters, whether it allows any photo: cheap enough to ask of every few
    /// words of a query whether they are a tag or a folder.
    fn allows_any(&self, filters: &[Filter]) -> StoreResult<Vec<bool>> {
        filters.iter().map(|filter| Ok(self.allow(filter)?.count > 0)).collect()
    }

    /// The photos nearest to a query in its model's space: always `min(k, allowed photos with a
    /// point there)`, each once, with its best part. A space that nobody knows has no point.
    ///
    /// # Errors
    /// `Refused` when the query's length is not the space's.
    fn nearest(
        &self,
        query: &Embedding,
        k: usize,
        allowed: Option<&Allowed>,
    ) -> StoreResult<Nearest>;

    /// [`Store::nearest`] for many queries at once, each with its own `k`: what it says of one after
    /// the other, in their order. A store that keeps its vectors itself reads them once for all.
    ///
    /// # Errors
    /// `Refused` when the length of any query is not its space's.
    fn nearest_many(
        &self,
        queries: &[(&Embedding, usize)],
        allowed: Option<&Allowed>,
    ) -> StoreResult<Vec<Nearest>> {
        queries.iter().map(|(query, k)| self.nearest(query, *k, allowed)).collect()
    }

    /// For each photo the best cosine of its points to a query, in the query's space; `None` for a
    /// photo without a point there.
    ///
    /// # Errors
    /// `Refused` when the query's length is not the space's.
    fn cosines(&self, query: &Embedding, ids: &[PhotoId]) -> StoreResult<Vec<Option<f32>>>;

    /// Which of the allowed photos hold which of at most [`crate::MOST_WORDS`] words, each as
    /// [`Filter::Text`] finds it. Words that more than `most` of the allowed photos hold bring no
    /// photo by themselves.
    ///
    /// # Errors
    /// `Refused` for more words than that.
    fn having(&self, words: &[String], allowed: Option<&Allowed>, most: u64)
    -> StoreResult<Having>;

    /// The allowed photos that a classifier takes to show one of these classes, the likeliest
    /// first, of equals the lowest id; at most `most`. Classes are meant by
    /// [`crate::DerivedClass::names`]; how likely, is [`crate::probability_of`] the squares of the
    /// levels of all of them.
    fn showing(
        &self,
        classes: &[String],
        allowed: Option<&Allowed>,
        most: usize,
    ) -> StoreResult<Vec<ClassHit>>;

    /// The first photos in order of time, by [`crate::Derived::time`]. Of the newest of the same
    /// second the one added last comes first, of those added in one second the lowest id; the oldest
    /// come in exactly the opposite order.
    fn by_time(
        &self,
        order: TimeOrder,
        count: usize,
        allowed: Option<&Allowed>,
    ) -> StoreResult<Vec<PhotoId>>;

    /// The newest photos, by [`Store::by_time`].
    fn newest(&self, count: usize, allowed: Option<&Allowed>) -> StoreResult<Vec<PhotoId>> {
        self.by_time(TimeOrder::NewestFirst, count, allowed)
    }

    /// How the allowed photos lie in time, by [`crate::Derived::taken`].
    fn day_counts(&self, allowed: Option<&Allowed>) -> StoreResult<DayCounts>;

    /// How many of the allowed photos have which values, by [`crate::Derived::facets`].
    fn facets(&self, allowed: Option<&Allowed>) -> StoreResult<FacetCounts>;

    /// The allowed photos that have a position, by [`crate::Derived::position`], put together by the
    /// cells of a grid; the cluster with most photos first, of equals that with the lowest photo.
    fn clusters(&self, grid: Grid, allowed: Option<&Allowed>) -> StoreResult<Vec<Cluster>>;

    /// A photo's points in a space, by part.
    fn points(&self, model: ModelFingerprint, id: PhotoId) -> StoreResult<Vec<Point>>;

    /// Every point of a space, those of photos without files included, by photo and part. An error
    /// of `each` ends it and is handed on.
    fn each_point(
        &self,
        model: ModelFingerprint,
        each: &mut dyn FnMut(PhotoId, Point) -> StoreResult<()>,
    ) -> StoreResult<()>;

    /// The list of work that the indexers of several machines share; `None` for a store that one
    /// process owns.
    fn work_list(&self) -> Option<&dyn WorkList> {
        None
    }
}
