//! The index: opening, updating, asking.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use roaring::RoaringBitmap;
use seer_store::{Cluster, Clusters, DayCounts, FacetCounts, Filter, Grid, TimeOrder};
use seer_types::{PhotoRecord, RowId};
use tantivy::indexer::{IndexWriterOptions, LogMergePolicy};
use tantivy::schema::Field;
use tantivy::{
    Index, IndexReader, IndexSettings, IndexWriter, ReloadPolicy, Searcher, TantivyError, Term,
};

use crate::by_place;
use crate::by_time::{self, ByTime};
use crate::document::documents;
use crate::error::{KeywordsError, Result};
use crate::evaluate::{Segment, row_column};
use crate::facets;
use crate::guard::guarded;
use crate::known_any::KnownAny;
use crate::payload::{self, BadPayload};
use crate::schema::{self, Fields};
use crate::showing::Showing;
use crate::unmapped::Unmapped;

/// Memory for documents that are not written yet.
const BUFFER_BYTES: usize = 40 << 20;

/// Segments with more deleted documents than this share are written anew.
const DELETED_SHARE: f32 = 0.3;

/// The keyword index of a library. Any number of threads may ask; updates go one after the other.
pub struct Keywords {
    folder: PathBuf,
    index: Index,
    reader: IndexReader,
    fields: Fields,
    /// Made by the first update: asking alone needs neither its memory nor its threads.
    writer: Mutex<Option<IndexWriter>>,
    watermark: AtomicU64,
    on_disk: bool,
    /// What [`Keywords::any`] was asked before.
    known: KnownAny,
}

impl Keywords {
    /// Opens the index in `folder`. Reads all of it once to compare checksums.
    ///
    /// # Errors
    /// `Missing`, `Damaged` and `OtherFormat` are cured by [`Self::create`]; `Io`.
    pub fn open(folder: &Path) -> Result<Self> {
        if !folder.join("meta.json").exists() {
            return Err(KeywordsError::Missing { folder: folder.to_path_buf() });
        }
        guarded(folder, || {
            let index = Index::open(own_files(folder)?).map_err(|e| sorted(folder, "open", e))?;
            let keywords = Self::over(folder, index)?;
            keywords.verify()?;
            Ok(keywords)
        })
    }

    /// Makes an empty index in `folder`, with watermark 0. Everything that was in the folder is
    /// deleted; drop a `Keywords` that has it open first.
    ///
    /// # Errors
    /// `Io`.
    pub fn create(folder: &Path) -> Result<Self> {
        let io = |source| KeywordsError::Io {
            folder: folder.to_path_buf(),
            action: "replace the keyword index",
            source,
        };
        match fs::symlink_metadata(folder) {
            Ok(found) if found.is_dir() => {
                // First, so that an index whose removal is stopped is missing, not damaged.
                let _ = fs::remove_file(folder.join("meta.json"));
                fs::remove_dir_all(folder).map_err(io)?;
            }
            Ok(_) => fs::remove_file(folder).map_err(io)?,
            Err(_) => {}
        }
        fs::create_dir_all(folder).map_err(io)?;
        guarded(folder, || {
            let (schema, fields) = schema::build();
            let index = Index::create(own_files(folder)?, schema, IndexSettings::default());
            Self::begin(folder, index.map_err(|e| sorted(folder, "create", e))?, fields.row)
        })
    }

    /// An empty index that is never written to a disk, for when that is not possible. Errors name
    /// `folder`.
    ///
    /// # Errors
    /// `Damaged` when tantivy cannot make one.
    pub fn in_memory(folder: &Path) -> Result<Self> {
        guarded(folder, || {
            let (schema, fields) = schema::build();
            let mut keywords = Self::begin(folder, Index::create_in_ram(schema), fields.row)?;
            keywords.on_disk = false;
            Ok(keywords)
        })
    }

    /// The first commit of a new index.
    fn begin(folder: &Path, index: Index, row: Field) -> Result<Self> {
        let mut writer = new_writer(folder, &index, row)?;
        commit(folder, &mut writer, 0)?;
        let keywords = Self::over(folder, index)?;
        *keywords.writer() = Some(writer);
        Ok(keywords)
    }

    /// Whether it is kept in its folder, and not only in memory.
    pub fn is_on_disk(&self) -> bool {
        self.on_disk
    }

    fn over(folder: &Path, index: Index) -> Result<Self> {
        let (schema, fields) = schema::build();
        let note = index.load_metas().map_err(|e| sorted(folder, "open", e))?.payload;
        let watermark = payload::read(note.as_deref()).map_err(|bad| match bad {
            BadPayload::OtherFormat(found) => {
                KeywordsError::OtherFormat { folder: folder.to_path_buf(), found }
            }
            BadPayload::Unreadable => damaged(folder, "its last commit carries no watermark"),
        })?;
        if index.schema() != schema {
            return Err(damaged(folder, "its fields are not those of this format"));
        }
        let builder = index.reader_builder().reload_policy(ReloadPolicy::Manual);
        let reader = builder.try_into().map_err(|e: TantivyError| sorted(folder, "open", e))?;
        Ok(Self {
            folder: folder.to_path_buf(),
            index,
            reader,
            fields,
            writer: Mutex::new(None),
            watermark: AtomicU64::new(watermark),
            on_disk: true,
            known: KnownAny::default(),
        })
    }

    /// Reads all of it and compares checksums, and that each segment has as many rows as documents.
    ///
    /// # Errors
    /// `Damaged`, `Io`.
    pub fn verify(&self) -> Result<()> {
        guarded(&self.folder, || self.compare())
    }

    fn compare(&self) -> Result<()> {
        let open = |e| sorted(&self.folder, "open", e);
        let bad = self.index.validate_checksum().map_err(open)?;
        if let Some(file) = bad.iter().min() {
            return Err(damaged(&self.folder, &format!("checksum of {}", file.display())));
        }
        for reader in self.reader.searcher().segment_readers() {
            let rows = row_column(reader).map_err(open)?;
            if rows.num_docs() != reader.max_doc() || rows.values.num_vals() != reader.max_doc() {
                return Err(damaged(&self.folder, "a segment lacks row numbers"));
            }
        }
        Ok(())
    }

    /// The watermark of the last commit: the catalog's change counter that the index reflects.
    pub fn watermark(&self) -> u64 {
        self.watermark.load(Ordering::Acquire)
    }

    /// Takes photos in, by row; those without files are taken out. Seen after the next
    /// [`Self::commit`]; lost without one.
    ///
    /// # Errors
    /// `Locked`, `Damaged`, `Io`.
    pub fn update<'a>(
        &self,
        photos: impl IntoIterator<Item = (RowId, &'a PhotoRecord)>,
    ) -> Result<()> {
        self.write(|writer, fields| {
            for (row, record) in photos {
                writer.delete_term(row_term(fields.row, row));
                for document in documents(fields, row, record) {
                    writer.add_document(document)?;
                }
            }
            Ok(())
        })
    }

    /// Takes rows out whose records are gone altogether. Seen after the next [`Self::commit`].
    ///
    /// # Errors
    /// `Locked`, `Damaged`, `Io`.
    pub fn remove(&self, rows: &[RowId]) -> Result<()> {
        self.write(|writer, fields| {
            for row in rows {
                writer.delete_term(row_term(fields.row, *row));
            }
            Ok(())
        })
    }

    /// Makes all updates durable and visible, together with the watermark they reach.
    ///
    /// # Errors
    /// `Locked`, `Damaged`, `Io`.
    pub fn commit(&self, watermark: u64) -> Result<()> {
        guarded(&self.folder, || {
            let mut slot = self.writer();
            commit(&self.folder, self.writer_in(&mut slot)?, watermark)?;
            self.reader.reload().map_err(|e| sorted(&self.folder, "read", e))?;
            self.watermark.store(watermark, Ordering::Release);
            Ok(())
        })
    }

    /// The rows that meet a filter: all of them, and no others.
    ///
    /// # Errors
    /// `Damaged`, `Io`.
    pub fn filter(&self, filter: &Filter) -> Result<RoaringBitmap> {
        Ok(self.filters(std::slice::from_ref(filter))?.pop().unwrap_or_default())
    }

    /// The rows that each of several filters allows, all as of one commit.
    ///
    /// # Errors
    /// `Damaged`, `Io`.
    pub fn filters(&self, filters: &[Filter]) -> Result<Vec<RoaringBitmap>> {
        self.read(|searcher| {
            let rows_of = |filter: &Filter| {
                let mut rows = RoaringBitmap::new();
                for reader in searcher.segment_readers() {
                    Segment { searcher, reader, fields: &self.fields }.rows(filter, &mut rows)?;
                }
                Ok(rows)
            };
            filters.iter().map(rows_of).collect()
        })
    }

    /// All rows with files.
    ///
    /// # Errors
    /// `Damaged`, `Io`.
    pub fn all(&self) -> Result<RoaringBitmap> {
        self.filter(&Filter::All(Vec::new()))
    }

    /// The rows that show one of these classes, the likeliest first, of equals the lowest id; each
    /// with the squares of the levels of all of them. With `within`, only these rows; at most
    /// `most`.
    ///
    /// # Errors
    /// `Damaged`, `Io`.
    pub fn showing(
        &self,
        classes: &[String],
        within: Option<&RoaringBitmap>,
        most: usize,
    ) -> Result<Vec<(RowId, u32)>> {
        self.read(|searcher| {
            let mut showing = Showing::new(self.fields.class, classes, within);
            searcher.segment_readers().iter().try_for_each(|reader| showing.look(reader))?;
            Ok(showing.rows(most))
        })
    }

    /// For each filter, whether any row meets it.
    ///
    /// # Errors
    /// `Damaged`, `Io`.
    pub fn any(&self, filters: &[Filter]) -> Result<Vec<bool>> {
        self.read(|searcher| {
            let ask = |filters: &[Filter]| {
                let mut found = vec![false; filters.len()];
                for reader in searcher.segment_readers() {
                    let segment = Segment { searcher, reader, fields: &self.fields };
                    segment.any(filters, &mut found)?;
                }
                Ok::<_, TantivyError>(found)
            };
            self.known.any(searcher.generation().generation_id(), filters, ask)
        })
    }

    /// The first `count` rows in order of time, by the date they were taken, else by their files'
    /// date; of the newest of the same second the photo added last comes first, of those the lowest
    /// id, and the oldest come in the opposite order. With `within`, only these rows.
    ///
    /// # Errors
    /// `Damaged`, `Io`.
    pub fn by_time(
        &self,
        order: TimeOrder,
        count: usize,
        within: Option<&RoaringBitmap>,
    ) -> Result<Vec<RowId>> {
        self.read(|searcher| {
            let mut found = ByTime::new(order, count, within);
            searcher.segment_readers().iter().try_for_each(|reader| found.look(reader))?;
            Ok(found.rows())
        })
    }

    /// How rows lie in time, by the date they were taken. With `within`, only these rows.
    ///
    /// # Errors
    /// `Damaged`, `Io`.
    pub fn day_counts(&self, within: Option<&RoaringBitmap>) -> Result<DayCounts> {
        self.read(|searcher| {
            let mut day_counts = DayCounts::default();
            for reader in searcher.segment_readers() {
                by_time::count(reader, within, &mut day_counts)?;
            }
            Ok(day_counts)
        })
    }

    /// How many rows have which values. With `within`, only these rows.
    ///
    /// # Errors
    /// `Damaged`, `Io`.
    pub fn facets(&self, within: Option<&RoaringBitmap>) -> Result<FacetCounts> {
        self.read(|searcher| {
            let mut counts = FacetCounts::default();
            for reader in searcher.segment_readers() {
                facets::count(reader, within, &mut counts)?;
            }
            Ok(counts)
        })
    }

    /// The rows that have a position, put together by the cells of a grid; the cluster with most rows
    /// first, of equals that with the lowest id. With `within`, only these rows.
    ///
    /// # Errors
    /// `Damaged`, `Io`.
    pub fn clusters(
        &self,
        grid: Grid,
        within: Option<&RoaringBitmap>,
    ) -> Result<Vec<Cluster<RowId>>> {
        self.read(|searcher| {
            let mut clusters = Clusters::new(grid);
            for reader in searcher.segment_readers() {
                by_place::gather(reader, within, &mut clusters)?;
            }
            let found = clusters.largest_first().into_iter();
            Ok(found.map(|cluster| cluster.with(cluster.photo.1)).collect())
        })
    }

    pub(crate) fn read<T>(&self, ask: impl FnOnce(&Searcher) -> tantivy::Result<T>) -> Result<T> {
        guarded(&self.folder, || {
            ask(&self.reader.searcher()).map_err(|e| sorted(&self.folder, "read", e))
        })
    }

    fn write(
        &self,
        change: impl FnOnce(&mut IndexWriter, &Fields) -> tantivy::Result<()>,
    ) -> Result<()> {
        guarded(&self.folder, || {
            let mut slot = self.writer();
            let writer = self.writer_in(&mut slot)?;
            change(writer, &self.fields).map_err(|e| sorted(&self.folder, "write", e))
        })
    }

    /// Leaves segments as they are, as a stop right after a commit does.
    #[cfg(test)]
    pub(crate) fn merge_nothing(&self) {
        let policy = Box::new(tantivy::indexer::NoMergePolicy);
        self.writer_in(&mut self.writer()).unwrap().set_merge_policy(policy);
    }

    fn writer(&self) -> MutexGuard<'_, Option<IndexWriter>> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn writer_in<'a>(&self, slot: &'a mut Option<IndexWriter>) -> Result<&'a mut IndexWriter> {
        let writer = match slot.take() {
            Some(writer) => writer,
            None => new_writer(&self.folder, &self.index, self.fields.row)?,
        };
        Ok(slot.insert(writer))
    }
}

impl Keywords {
    /// Ends writing and waits for merges: nothing of this index touches its folder afterwards.
    /// What was not committed is lost; an error is a notice, because the index can be built again.
    pub fn stop_writing(&self) {
        let Some(writer) = self.writer().take() else { return };
        let ended = guarded(&self.folder, || {
            writer.wait_merging_threads().map_err(|e| sorted(&self.folder, "write", e))
        });
        if let Err(error) = ended {
            log::warn!("closing the keyword index: {error}");
        }
    }
}

impl Drop for Keywords {
    fn drop(&mut self) {
        self.stop_writing();
    }
}

fn own_files(folder: &Path) -> Result<Unmapped> {
    Unmapped::open(folder).map_err(|e| sorted(folder, "open", e.into()))
}

/// A writer that begins with a removal of nothing.
///
/// tantivy 0.27 gives the first operation of a writer the number of the last commit. A merge then
/// takes a removal of that number for one of that commit, and loses it from a segment that the
/// commit removed something from. With the number used up by this one, none that matters has it.
fn new_writer(folder: &Path, index: &Index, row: Field) -> Result<IndexWriter> {
    let options = IndexWriterOptions::builder()
        .num_worker_threads(1)
        .num_merge_threads(1)
        .memory_budget_per_thread(BUFFER_BYTES)
        .build();
    let writer: IndexWriter =
        index.writer_with_options(options).map_err(|e| sorted(folder, "write", e))?;
    let mut merging = LogMergePolicy::default();
    merging.set_del_docs_ratio_before_merge(DELETED_SHARE);
    writer.set_merge_policy(Box::new(merging));
    writer.delete_term(Term::from_field_u64(row, u64::MAX));
    Ok(writer)
}

fn commit(folder: &Path, writer: &mut IndexWriter, watermark: u64) -> Result<()> {
    let write = |e| sorted(folder, "write", e);
    let mut prepared = writer.prepare_commit().map_err(write)?;
    prepared.set_payload(&payload::write(watermark));
    prepared.commit().map_err(write)?;
    Ok(())
}

fn row_term(field: Field, row: RowId) -> Term {
    Term::from_field_u64(field, u64::from(row.0))
}

fn damaged(folder: &Path, what: &str) -> KeywordsError {
    KeywordsError::Damaged { folder: folder.to_path_buf(), what: what.to_owned() }
}

fn sorted(folder: &Path, verb: &'static str, error: TantivyError) -> KeywordsError {
    let action = match verb {
        "open" => "open the keyword index",
        "create" => "create the keyword index",
        "read" => "read the keyword index",
        _ => "write the keyword index",
    };
    KeywordsError::from_tantivy(folder, action, error)
}
