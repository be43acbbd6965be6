//! From a filter to the exact set of documents of one segment.

use roaring::RoaringBitmap;
use seer_store::fold::{fold, fold_path};
use seer_store::geometry::Circle;
use seer_store::terms::{extension_key, folder_key, plain_tag_keys, set_has};
use seer_store::words::{Reading, words};
use seer_store::{Filter, Orientation};
use tantivy::columnar::{Column, StrColumn};
use tantivy::query::{EnableScoring, PhraseQuery, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{Searcher, SegmentReader, TantivyError, Term};

use crate::schema::{Fields, TextField, column};

type Docs = tantivy::Result<RoaringBitmap>;

/// One segment, looked at through a searcher.
pub(crate) struct Segment<'a> {
    pub(crate) searcher: &'a Searcher,
    pub(crate) reader: &'a SegmentReader,
    pub(crate) fields: &'a Fields,
}

impl Segment<'_> {
    /// Rows that meet the filter, added to `rows`.
    pub(crate) fn rows(&self, filter: &Filter, rows: &mut RoaringBitmap) -> tantivy::Result<()> {
        let mut docs = self.docs(filter)?;
        if docs.is_empty() {
            return Ok(());
        }
        docs &= self.live();
        let row = row_column(self.reader)?;
        rows.extend(docs.iter().filter_map(|doc| row_of(&row, doc)));
        Ok(())
    }

    /// Documents that are not deleted.
    pub(crate) fn live(&self) -> RoaringBitmap {
        self.reader.doc_ids_alive().collect()
    }

    fn every(&self) -> RoaringBitmap {
        let mut docs = RoaringBitmap::new();
        docs.insert_range(0..self.reader.max_doc());
        docs
    }

    /// Documents that meet the filter; deleted ones may be among them.
    pub(crate) fn docs(&self, filter: &Filter) -> Docs {
        match filter {
            Filter::All(parts) => self.all(parts),
            Filter::Any(parts) => {
                let mut found = RoaringBitmap::new();
                for part in parts {
                    found |= self.docs(part)?;
                }
                Ok(found)
            }
            Filter::Not(part) => Ok(self.every() - self.docs(part)?),
            Filter::Path(text) => self.path(text),
            Filter::Folder(name) => self.folder(name),
            Filter::Name(text) => self.name(text),
            Filter::Extension(text) => self.one(column::EXTENSION, extension_key(text)),
            Filter::Format(text) => self.one(column::FORMAT, fold(text.trim())),
            Filter::Taken { from, until } => {
                let from = from.map(|time| time.seconds());
                let until = until.map(|time| time.seconds());
                self.number::<i64>(column::TAKEN, |taken| {
                    from.is_none_or(|from| taken >= from) && until.is_none_or(|until| taken < until)
                })
            }
            Filter::Recurring(when) => self.number::<i64>(column::TAKEN, |taken| when.holds(taken)),
            Filter::Camera(text) => self.set(column::CAMERA, text),
            Filter::Lens(text) => self.set(column::LENS, text),
            Filter::Tag(text) => self.tag(text),
            Filter::Text(text) => self.phrase(text),
            Filter::Near { center, km } => {
                Circle::new(*center, *km).map_or(Ok(RoaringBitmap::new()), |c| self.near(&c))
            }
            Filter::FileSize { min, max } => {
                let (min, max) = (min.unwrap_or(0), max.unwrap_or(u64::MAX));
                self.number::<u64>(column::SIZE, |size| (min..=max).contains(&size))
            }
            Filter::Width { min, max } => self.pixels(column::WIDTH, *min, *max),
            Filter::Height { min, max } => self.pixels(column::HEIGHT, *min, *max),
            Filter::Orientation(shape) => self.orientation(*shape),
        }
    }

    fn all(&self, parts: &[Filter]) -> Docs {
        let mut found = self.every();
        for part in parts {
            if found.is_empty() {
                break;
            }
            found &= self.docs(part)?;
        }
        Ok(found)
    }

    fn path(&self, text: &str) -> Docs {
        let needle = fold_path(text);
        self.values(column::PATH, |path| path.contains(&needle))
    }

    fn folder(&self, name: &str) -> Docs {
        match folder_key(name) {
            Some(key) => self.values(column::PARENT, |parent| parent.contains(&key)),
            None => Ok(self.every()),
        }
    }

    fn name(&self, text: &str) -> Docs {
        let mut found = self.every();
        for word in words(text, Reading::Split) {
            found &= self.words_in(self.fields.names, std::slice::from_ref(&word))?;
        }
        Ok(found)
    }

    fn set(&self, name: &str, text: &str) -> Docs {
        let wanted = [Reading::Split, Reading::Joined].map(|reading| words(text, reading));
        if wanted[0].is_empty() {
            return Ok(self.every());
        }
        self.values(name, |set| wanted.iter().any(|wanted| set_has(set, wanted)))
    }

    fn tag(&self, text: &str) -> Docs {
        if text.trim().is_empty() {
            return Ok(self.every());
        }
        self.equals(column::TAG, &plain_tag_keys(text))
    }

    fn phrase(&self, text: &str) -> Docs {
        let Fields { names, folders, tags, caption, .. } = self.fields;
        let mut found = RoaringBitmap::new();
        let mut readings = vec![words(text, Reading::Split), words(text, Reading::Joined)];
        readings.dedup();
        if readings[0].is_empty() {
            return Ok(self.every());
        }
        for field in [names, folders, tags, caption] {
            for reading in &readings {
                found |= self.words_in(*field, reading)?;
            }
        }
        Ok(found)
    }

    /// Documents with these words one after the other in either reading of a field.
    fn words_in(&self, field: TextField, words: &[String]) -> Docs {
        Ok(self.run(field.split, words)? | self.run(field.joined, words)?)
    }

    fn run(&self, field: Field, words: &[String]) -> Docs {
        let mut terms: Vec<Term> =
            words.iter().map(|word| Term::from_field_text(field, word)).collect();
        let query: Box<dyn Query> = match terms.len() {
            0 => return Ok(self.every()),
            1 => Box::new(TermQuery::new(terms.remove(0), IndexRecordOption::Basic)),
            _ => Box::new(PhraseQuery::new(terms)),
        };
        let weight = query.weight(EnableScoring::disabled_from_searcher(self.searcher))?;
        let mut found = RoaringBitmap::new();
        weight.for_each_no_score(self.reader, &mut |docs| found.extend(docs.iter().copied()))?;
        Ok(found)
    }

    /// Documents that have a key; all of them where none is asked for.
    fn one(&self, name: &str, key: String) -> Docs {
        if key.is_empty() { Ok(self.every()) } else { self.equals(name, &[key]) }
    }

    fn equals(&self, name: &str, keys: &[String]) -> Docs {
        let Some(column) = self.reader.fast_fields().str(name)? else {
            return Ok(RoaringBitmap::new());
        };
        let mut passing = Vec::new();
        for key in keys {
            passing.extend(column.dictionary().term_ord(key.as_bytes())?);
        }
        self.with_values(&column, |value| passing.contains(&value), passing.is_empty())
    }

    /// Documents with a value in a text column that passes: each distinct value is tried once.
    fn values(&self, name: &str, passes: impl Fn(&str) -> bool) -> Docs {
        let Some(column) = self.reader.fast_fields().str(name)? else {
            return Ok(RoaringBitmap::new());
        };
        let passing = passing_values(&column, passes)?;
        let passes = |value: u64| passing.get(value as usize) == Some(&true);
        self.with_values(&column, passes, !passing.contains(&true))
    }

    /// Documents with a value, by its number, that passes; `none`: none does.
    fn with_values(&self, column: &StrColumn, passes: impl Fn(u64) -> bool, none: bool) -> Docs {
        let mut found = RoaringBitmap::new();
        if none {
            return Ok(found);
        }
        for doc in 0..self.reader.max_doc() {
            if column.ords().values_for_doc(doc).any(&passes) {
                found.insert(doc);
            }
        }
        Ok(found)
    }

    fn number<T>(&self, name: &str, passes: impl Fn(T) -> bool) -> Docs
    where
        T: tantivy::columnar::HasAssociatedColumnType,
        tantivy::columnar::DynamicColumn: Into<Option<Column<T>>>,
    {
        let Some(column) = self.reader.fast_fields().column_opt::<T>(name)? else {
            return Ok(RoaringBitmap::new());
        };
        let docs = 0..self.reader.max_doc();
        Ok(docs.filter(|doc| column.first(*doc).is_some_and(&passes)).collect())
    }

    fn pixels(&self, name: &str, min: Option<u32>, max: Option<u32>) -> Docs {
        let (min, max) = (u64::from(min.unwrap_or(0)), u64::from(max.unwrap_or(u32::MAX)));
        self.number::<u64>(name, |pixels| (min..=max).contains(&pixels))
    }

    fn orientation(&self, shape: Orientation) -> Docs {
        let columns = self.reader.fast_fields();
        let (width, height) = (columns.u64(column::WIDTH)?, columns.u64(column::HEIGHT)?);
        let fits = |doc: &u32| {
            let (Some(width), Some(height)) = (width.first(*doc), height.first(*doc)) else {
                return false;
            };
            match shape {
                Orientation::Landscape => width > height,
                Orientation::Portrait => width < height,
                Orientation::Square => width == height,
            }
        };
        Ok((0..self.reader.max_doc()).filter(fits).collect())
    }

    fn near(&self, circle: &Circle) -> Docs {
        let columns = self.reader.fast_fields();
        let latitude = columns.column_opt::<f64>(column::LATITUDE)?;
        let longitude = columns.column_opt::<f64>(column::LONGITUDE)?;
        let (Some(latitude), Some(longitude)) = (latitude, longitude) else {
            return Ok(RoaringBitmap::new());
        };
        let inside = |doc: &u32| match (latitude.first(*doc), longitude.first(*doc)) {
            (Some(latitude), Some(longitude)) => circle.contains(latitude, longitude),
            _ => false,
        };
        Ok((0..self.reader.max_doc()).filter(inside).collect())
    }
}

/// For each value of a column, by number, whether it passes.
fn passing_values(column: &StrColumn, passes: impl Fn(&str) -> bool) -> tantivy::Result<Vec<bool>> {
    let mut passing = Vec::with_capacity(column.num_terms());
    let mut values = column.dictionary().stream()?;
    while values.advance() {
        passing.push(std::str::from_utf8(values.key()).is_ok_and(&passes));
    }
    Ok(passing)
}

/// The column of row numbers.
pub(crate) fn row_column(reader: &SegmentReader) -> tantivy::Result<Column<u64>> {
    reader
        .fast_fields()
        .u64(column::ROW)
        .map_err(|_| TantivyError::InternalError("a segment has no row numbers".into()))
}

/// The row of a document.
pub(crate) fn row_of(column: &Column<u64>, doc: u32) -> Option<u32> {
    column.first(doc).and_then(|row| u32::try_from(row).ok())
}
