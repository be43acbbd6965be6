//! Questions to the keyword index, and what filters allow.

use std::collections::BTreeMap;
use std::sync::Arc;

use roaring::RoaringBitmap;
use seer_keywords::{Keywords, KeywordsError};
use seer_store::{
    Allowed, ClassHit, Cluster, Filter, Grid, Having, MOST_WORDS, TimeOrder, WordHit,
    probability_of,
};
use seer_types::{PhotoId, RowId};

use crate::error::Result;
use crate::{EmbeddedError, EmbeddedStore};

impl EmbeddedStore {
    /// Asks the keyword index; when its files turn out to be damaged, it is built again and asked
    /// once more.
    ///
    /// # Errors
    /// What the index says, when it is sound; when the catalog cannot be read.
    pub(crate) fn ask_words<T>(
        &self,
        ask: impl Fn(&Keywords) -> std::result::Result<T, KeywordsError>,
    ) -> Result<T> {
        let keywords = self.words.get();
        let error = match ask(&keywords) {
            Ok(answer) => return Ok(answer),
            Err(error) => error,
        };
        // A question that a sound index cannot answer is not mended by building it again.
        if keywords.verify().is_ok() {
            return Err(error.into());
        }
        {
            let _writing = self.writing();
            if Arc::ptr_eq(&keywords, &self.words.get()) {
                log::warn!("the keyword index is damaged ({error}); building it again");
                self.words.rebuild(&self.catalog)?;
            }
        }
        Ok(ask(&self.words.get())?)
    }

    pub(crate) fn rows_of(&self, filter: &Filter) -> Result<RoaringBitmap> {
        self.ask_words(|words| words.filter(filter))
    }

    /// The rows that were found for a filter; found again where another store found them.
    pub(crate) fn allowed_rows(&self, allowed: &Allowed) -> Result<Arc<RoaringBitmap>> {
        let kept = allowed.kept.clone().and_then(|kept| kept.downcast::<RoaringBitmap>().ok());
        kept.map_or_else(|| self.rows_of(&allowed.filter).map(Arc::new), Ok)
    }

    pub(crate) fn any_allowed(&self, filters: &[Filter]) -> Result<Vec<bool>> {
        self.ask_words(|words| words.any(filters))
    }

    pub(crate) fn photos_by_time(
        &self,
        order: TimeOrder,
        count: usize,
        allowed: Option<&RoaringBitmap>,
    ) -> Result<Vec<PhotoId>> {
        let rows = self.ask_words(|words| words.by_time(order, count, allowed))?;
        let mut ids = Vec::with_capacity(rows.len());
        for row in rows {
            ids.extend(self.catalog.photo_of(row)?);
        }
        Ok(ids)
    }

    pub(crate) fn photo_clusters(
        &self,
        grid: Grid,
        allowed: Option<&RoaringBitmap>,
    ) -> Result<Vec<Cluster>> {
        let found = self.ask_words(|words| words.clusters(grid, allowed))?;
        let mut clusters = Vec::with_capacity(found.len());
        for cluster in found {
            // A photo that left meanwhile stands for no others.
            let id = self.catalog.photo_of(cluster.photo)?;
            clusters.extend(id.map(|id| cluster.with(id)));
        }
        Ok(clusters)
    }

    pub(crate) fn photos_showing(
        &self,
        classes: &[String],
        allowed: Option<&RoaringBitmap>,
        most: usize,
    ) -> Result<Vec<ClassHit>> {
        let rows = self.ask_words(|words| words.showing(classes, allowed, most))?;
        let mut photos = Vec::with_capacity(rows.len());
        for (row, squares) in rows {
            let id = self.catalog.photo_of(row)?;
            photos.extend(id.map(|id| ClassHit { id, probability: probability_of(squares) }));
        }
        Ok(photos)
    }

    pub(crate) fn photos_having(
        &self,
        words: &[String],
        allowed: Option<&RoaringBitmap>,
        most: u64,
    ) -> Result<Having> {
        if words.len() > MOST_WORDS {
            return Err(EmbeddedError::TooManyWords { found: words.len() });
        }
        let filters: Vec<Filter> = words.iter().cloned().map(Filter::Text).collect();
        let mut sets = self.ask_words(|words| words.filters(&filters))?;
        if let Some(allowed) = allowed {
            sets.iter_mut().for_each(|rows| *rows &= allowed);
        }
        let mut found: BTreeMap<u32, u32> = BTreeMap::new();
        for rows in sets.iter().filter(|rows| rows.len() <= most) {
            found.extend(rows.iter().map(|row| (row, 0)));
        }
        for (row, mask) in &mut found {
            for (place, _) in sets.iter().enumerate().filter(|(_, rows)| rows.contains(*row)) {
                *mask |= 1 << place;
            }
        }
        let mut photos = Vec::with_capacity(found.len());
        for (row, words) in found {
            let id = self.catalog.photo_of(RowId(row))?;
            photos.extend(id.map(|id| WordHit { id, words }));
        }
        photos.sort_unstable_by_key(|hit| hit.id);
        Ok(Having { counts: sets.iter().map(RoaringBitmap::len).collect(), photos })
    }
}
