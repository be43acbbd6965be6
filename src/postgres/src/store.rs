//! The store.

use std::collections::BTreeMap;
use std::fmt;
use std::io::Write;
use std::sync::Arc;
use std::thread;

use seer_store::{
    Album, Allowed, Analysis, BackupSummary, Change, ClassHit, Cluster, Counts, DayCounts,
    FacetCounts, Filter, Grid, Having, KnownFile, Nearest, Point, SpaceEntry, SpaceReport, Store,
    StoreError, StoreErrorKind, StoreResult, TimeOrder, WorkList,
};
use seer_types::{
    DevicePlace, Embedding, Failure, IndexKind, LibraryPath, ModelFingerprint, PhotoId, PhotoRecord,
};

use crate::ask::{
    albums, allow, analyses, by_time, clusters, counts, each, facets, files, having, photos, roots,
    settings, showing,
};
use crate::config::{InitOptions, PostgresConfig};
use crate::connect::{Connection, Driver, Pool, Standby, retried};
use crate::error::{PostgresError, Result};
use crate::{apply, index, maintain, nearest, schema, spaces};

/// A library in a PostgreSQL.
///
/// Any number of these, on any number of machines, may work on one database at once. A call waits
/// for the server, at most as long as [`PostgresConfig`] says; when the server is gone it fails as
/// `Unreachable`, and the next call tries to connect anew.
///
/// Forgotten photos: [`Store::purge`] deletes their rows. Their bytes stay in the server's files
/// until it writes something else there (`vacuum full` does so at once), in its log of changes until
/// that is recycled, and in backups.
pub struct PostgresStore {
    inner: Arc<Inner>,
}

pub(crate) struct Inner {
    write: Pool,
    read: Option<Standby>,
    partitions: u32,
}

impl fmt::Debug for PostgresStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresStore").field("place", &self.place()).finish_non_exhaustive()
    }
}

impl PostgresStore {
    /// Makes the tables of a library in a database, with the extension pgvector, and with pg_trgm
    /// where the server has it. Of a library that is there already, older tables are brought up and
    /// all else stays as it is. Of several that do this at once, one does.
    ///
    /// # Errors
    /// `Url`, `Unreachable`, `NotAdmitted`; `NoVectors` without pgvector; `NewerSchema` for a
    /// library of a newer version.
    pub fn init(config: &PostgresConfig, options: InitOptions) -> StoreResult<()> {
        let pool = Pool::new(Arc::new(Driver::start()?), &config.url, config)?;
        retried(&pool, |connection| schema::init(connection, options.partitions))?;
        Ok(())
    }

    /// Opens the library in a database.
    ///
    /// # Errors
    /// `Url`, `Unreachable`, `NotAdmitted`; `NotInitialised`; `NoVectors` and `OldVectors` for
    /// pgvector; `NewerSchema` and `OlderSchema` for a library of another version; `OtherLibrary`
    /// when the address for questions leads to one.
    pub fn open(config: &PostgresConfig) -> StoreResult<Self> {
        let driver = Arc::new(Driver::start()?);
        let write = Pool::new(Arc::clone(&driver), &config.url, config)?;
        let read = config.read_url.as_deref();
        let read = read.map(|url| Pool::new(driver, url, config)).transpose()?;
        let read = read.map(|pool| Standby::new(pool, config));
        let library = retried(&write, schema::check)?;
        if let Some(read) = &read {
            let found = read.ask(&write, schema::check).transpose()?;
            if found.is_some_and(|found| found != library) {
                let place = read.place().to_owned();
                return Err(PostgresError::OtherLibrary { place }.into());
            }
        }
        Ok(Self { inner: Arc::new(Inner { write, read, partitions: library.partitions }) })
    }

    /// Host and database, for messages; never a password.
    pub fn place(&self) -> &str {
        self.inner.write.place()
    }

    /// Asks: the standby first, where there is one.
    fn ask<T>(&self, mut work: impl FnMut(&Connection) -> Result<T>) -> Result<T> {
        let asked =
            self.inner.read.as_ref().and_then(|read| read.ask(&self.inner.write, &mut work));
        asked.unwrap_or_else(|| retried(&self.inner.write, work))
    }

    /// Writes, in a transaction.
    pub(crate) fn change<T>(&self, mut work: impl FnMut(&Connection) -> Result<T>) -> Result<T> {
        self.inner.write(|connection| connection.transaction("begin", &mut work))
    }

    /// Where to write, and to ask what must not be old.
    pub(crate) fn primary(&self) -> &Pool {
        &self.inner.write
    }

    pub(crate) fn partitions(&self) -> u32 {
        self.inner.partitions
    }
}

impl Inner {
    /// Has the primary do what later answers must know of.
    fn write<T>(&self, mut work: impl FnMut(&Connection) -> Result<T>) -> Result<T> {
        retried(&self.write, |connection| {
            let done = work(connection)?;
            if let Some(read) = &self.read {
                read.must_have(connection);
            }
            Ok(done)
        })
    }

    /// Builds the index that a space shall have.
    fn follow(&self, model: ModelFingerprint) -> Result<()> {
        self.write(|connection| {
            let Some(space) = spaces::find(connection, model)? else { return Ok(()) };
            connection
                .unhurried(|connection| index::follow(connection, space.number, self.partitions))
        })
    }
}

impl Store for PostgresStore {
    fn apply(&self, batch: &[Change]) -> StoreResult<()> {
        if batch.is_empty() {
            return Ok(());
        }
        let partitions = self.partitions();
        Ok(self.change(|connection| apply::apply(connection, partitions, batch))?)
    }

    fn purge(&self) -> StoreResult<u64> {
        let mut purged = 0;
        loop {
            let some = self.inner.write(maintain::purge_some)?;
            if some == 0 {
                break;
            }
            purged += some;
        }
        if purged > 0 {
            retried(&self.inner.write, |connection| connection.unhurried(maintain::vacuum))?;
        }
        Ok(purged)
    }

    fn maintain(&self, watch: &mut dyn FnMut(u64, u64) -> bool) -> StoreResult<()> {
        let spaces = self.spaces()?;
        for (done, space) in spaces.iter().enumerate() {
            if !watch(done as u64, spaces.len() as u64) {
                return Ok(());
            }
            self.inner.follow(space.model)?;
        }
        Ok(retried(&self.inner.write, |connection| connection.unhurried(maintain::vacuum))?)
    }

    fn backup(&self, _out: &mut dyn Write) -> StoreResult<BackupSummary> {
        let how = "PostgreSQL makes backups itself: pg_dump writes the database into a file, \
                   pg_basebackup the whole server; \"seer store copy\" copies the library into a \
                   folder";
        Err(StoreError::new(StoreErrorKind::Refused, how))
    }

    fn counts(&self) -> StoreResult<Counts> {
        Ok(self.ask(counts::counts)?)
    }

    fn photos(&self, ids: &[PhotoId]) -> StoreResult<Vec<Option<PhotoRecord>>> {
        Ok(self.ask(|connection| photos::photos(connection, ids))?)
    }

    fn resolve_prefix(&self, hex: &str) -> StoreResult<Vec<PhotoId>> {
        Ok(self.ask(|connection| photos::resolve_prefix(connection, hex))?)
    }

    fn each_photo(
        &self,
        each_one: &mut dyn FnMut(PhotoRecord) -> StoreResult<()>,
    ) -> StoreResult<()> {
        let mut after = None;
        loop {
            let page = self.ask(|connection| each::photos_after(connection, after))?;
            let Some(last) = page.last() else { return Ok(()) };
            after = Some(last.id);
            page.into_iter().try_for_each(&mut *each_one)?;
        }
    }

    fn files_under(
        &self,
        folder: &LibraryPath,
        each_one: &mut dyn FnMut(KnownFile),
    ) -> StoreResult<()> {
        self.ask(|connection| files::at(connection, folder))?.into_iter().for_each(&mut *each_one);
        let mut after = None;
        loop {
            let page =
                self.ask(|connection| files::page_below(connection, folder, after.as_ref()))?;
            page.0.into_iter().for_each(&mut *each_one);
            match page.1 {
                Some(next) => after = Some(next),
                None => return Ok(()),
            }
        }
    }

    fn failures(&self) -> StoreResult<Vec<Failure>> {
        Ok(self.ask(files::failures)?)
    }

    fn roots(&self) -> StoreResult<Vec<LibraryPath>> {
        Ok(self.ask(roots::roots)?)
    }

    fn add_root(&self, root: &LibraryPath) -> StoreResult<()> {
        Ok(self.change(|connection| roots::add(connection, root, None))?)
    }

    fn remove_root(&self, root: &LibraryPath) -> StoreResult<()> {
        Ok(self.change(|connection| roots::remove(connection, root))?)
    }

    fn places(&self, root: &LibraryPath) -> StoreResult<Vec<DevicePlace>> {
        Ok(self.ask(|connection| roots::places(connection, root))?)
    }

    fn set_places(&self, root: &LibraryPath, places: &[DevicePlace]) -> StoreResult<()> {
        Ok(self.change(|connection| roots::add(connection, root, Some(places)))?)
    }

    fn excludes(&self, root: &LibraryPath) -> StoreResult<Vec<String>> {
        Ok(self.ask(|connection| roots::excludes(connection, root))?)
    }

    fn set_excludes(&self, root: &LibraryPath, globs: &[String]) -> StoreResult<()> {
        Ok(self.change(|connection| roots::set_excludes(connection, root, globs))?)
    }

    fn albums(&self) -> StoreResult<Vec<Album>> {
        Ok(self.ask(albums::albums)?)
    }

    fn put_album(&self, album: &Album) -> StoreResult<()> {
        Ok(self.change(|connection| albums::put(connection, album))?)
    }

    fn remove_album(&self, name: &str) -> StoreResult<()> {
        Ok(self.change(|connection| albums::remove(connection, name))?)
    }

    fn settings(&self, prefix: &str) -> StoreResult<BTreeMap<String, String>> {
        Ok(self.ask(|connection| settings::settings(connection, prefix))?)
    }

    fn set_settings(&self, chosen: &[(String, Option<String>)]) -> StoreResult<()> {
        Ok(self.change(|connection| settings::set(connection, chosen))?)
    }

    fn analysed(&self, what: &Analysis, ids: &[PhotoId]) -> StoreResult<Vec<bool>> {
        Ok(self.ask(|connection| analyses::analysed(connection, what, ids))?)
    }

    fn lacking(
        &self,
        what: &Analysis,
        after: Option<PhotoId>,
        most: usize,
    ) -> StoreResult<Vec<PhotoId>> {
        Ok(self.ask(|connection| analyses::lacking(connection, what, after, most))?)
    }

    fn spaces(&self) -> StoreResult<Vec<SpaceEntry>> {
        Ok(self.ask(spaces::entries)?)
    }

    fn add_space(&self, model: ModelFingerprint, name: &str, dim: usize) -> StoreResult<()> {
        let partitions = self.partitions();
        Ok(self.change(|connection| spaces::add(connection, partitions, model, name, dim))?)
    }

    fn delete_space(&self, model: ModelFingerprint) -> StoreResult<()> {
        Ok(self.change(|connection| spaces::delete(connection, model))?)
    }

    fn current_space(&self) -> StoreResult<Option<ModelFingerprint>> {
        Ok(self.ask(spaces::current)?)
    }

    fn use_space(&self, model: ModelFingerprint) -> StoreResult<()> {
        Ok(self.change(|connection| spaces::choose(connection, model))?)
    }

    /// The index is built on a thread of its own; when that fails, [`Store::maintain`] builds it.
    fn set_index(&self, model: ModelFingerprint, kind: IndexKind) -> StoreResult<()> {
        self.change(|connection| spaces::set_kind(connection, model, kind))?;
        let inner = Arc::clone(&self.inner);
        let building = thread::Builder::new().name("seer-postgres-index".to_owned());
        let started = building.spawn(move || {
            if let Err(error) = inner.follow(model) {
                log::warn!("an index was not built: {error}");
            }
        });
        if let Err(error) = started {
            log::warn!("an index was not built: no thread for it ({error})");
        }
        Ok(())
    }

    /// The server is always ready; this sees that it is there.
    fn open_space(&self, model: ModelFingerprint) -> StoreResult<()> {
        self.ask(|connection| spaces::find(connection, model))?;
        Ok(())
    }

    fn bytes_of(&self, model: ModelFingerprint) -> StoreResult<u64> {
        Ok(self.ask(|connection| match spaces::find(connection, model)? {
            Some(space) => spaces::bytes(connection, &space),
            None => Ok(0),
        })?)
    }

    fn report(&self, model: ModelFingerprint) -> StoreResult<SpaceReport> {
        Ok(self.ask(|connection| match spaces::find(connection, model)? {
            Some(space) => {
                let searchable = spaces::searchable(connection, &space)?;
                Ok(SpaceReport { searchable, method: nearest::method(&space, searchable) })
            }
            None => Ok(SpaceReport { searchable: 0, method: "exact" }),
        })?)
    }

    fn allow(&self, filter: &Filter) -> StoreResult<Allowed> {
        Ok(self.ask(|connection| allow::allow(connection, filter))?)
    }

    fn allows_any(&self, filters: &[Filter]) -> StoreResult<Vec<bool>> {
        Ok(self.ask(|connection| allow::allows_any(connection, filters))?)
    }

    fn nearest(
        &self,
        query: &Embedding,
        k: usize,
        allowed: Option<&Allowed>,
    ) -> StoreResult<Nearest> {
        Ok(self.ask(|connection| nearest::nearest(connection, query, k, allowed))?)
    }

    fn cosines(&self, query: &Embedding, ids: &[PhotoId]) -> StoreResult<Vec<Option<f32>>> {
        Ok(self.ask(|connection| nearest::cosines(connection, query, ids))?)
    }

    fn having(
        &self,
        words: &[String],
        allowed: Option<&Allowed>,
        most: u64,
    ) -> StoreResult<Having> {
        Ok(self.ask(|connection| having::having(connection, words, allowed, most))?)
    }

    fn showing(
        &self,
        classes: &[String],
        allowed: Option<&Allowed>,
        most: usize,
    ) -> StoreResult<Vec<ClassHit>> {
        Ok(self.ask(|connection| showing::showing(connection, classes, allowed, most))?)
    }

    fn by_time(
        &self,
        order: TimeOrder,
        count: usize,
        allowed: Option<&Allowed>,
    ) -> StoreResult<Vec<PhotoId>> {
        Ok(self.ask(|connection| by_time::by_time(connection, order, count, allowed))?)
    }

    fn day_counts(&self, allowed: Option<&Allowed>) -> StoreResult<DayCounts> {
        Ok(self.ask(|connection| by_time::day_counts(connection, allowed))?)
    }

    fn facets(&self, allowed: Option<&Allowed>) -> StoreResult<FacetCounts> {
        Ok(self.ask(|connection| facets::facets(connection, allowed))?)
    }

    fn clusters(&self, grid: Grid, allowed: Option<&Allowed>) -> StoreResult<Vec<Cluster>> {
        Ok(self.ask(|connection| clusters::clusters(connection, grid, allowed))?)
    }

    fn points(&self, model: ModelFingerprint, id: PhotoId) -> StoreResult<Vec<Point>> {
        Ok(self.ask(|connection| each::points_of(connection, model, id))?)
    }

    fn each_point(
        &self,
        model: ModelFingerprint,
        each_one: &mut dyn FnMut(PhotoId, Point) -> StoreResult<()>,
    ) -> StoreResult<()> {
        let mut after = None;
        loop {
            let page = self.ask(|connection| each::points_after(connection, model, after))?;
            let Some((id, point)) = page.last() else { return Ok(()) };
            after = Some((*id, point.part));
            page.into_iter().try_for_each(|(id, point)| each_one(id, point))?;
        }
    }

    fn work_list(&self) -> Option<&dyn WorkList> {
        Some(self)
    }
}
