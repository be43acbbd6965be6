//! From a filter to the exact set of documents of one segment, and of their rows.

use std::collections::HashSet;

use roaring::RoaringBitmap;
use seer_store::fold::fold;
use seer_store::geometry::Circle;
use seer_store::terms::{below_key, extension_key};
use seer_store::{Filter, Orientation, Recurring};
use seer_types::Precision;
use tantivy::columnar::Column;
use tantivy::{Searcher, SegmentReader, TantivyError};

use crate::document::id_start;
use crate::schema::{Fields, column};

pub(crate) type Docs = tantivy::Result<RoaringBitmap>;

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

    pub(crate) fn every(&self) -> RoaringBitmap {
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
            Filter::Below(folder) => {
                let key = below_key(folder);
                self.values(column::PARENT, |parent| parent.starts_with(&key))
            }
            Filter::Name(text) => self.name(text),
            Filter::Extension(text) => self.one(column::EXTENSION, &extension_key(text)),
            Filter::Format(text) => self.one(column::FORMAT, &fold(text.trim())),
            Filter::Taken { from, until } => {
                let from = from.map_or(i64::MIN, |time| time.seconds());
                let until = until.map_or(i64::MAX, |time| time.seconds());
                let begun = self.number::<i64>(column::TAKEN, |start| start >= from)?;
                let over = |end: i64| end <= until;
                Ok(begun & self.number::<i64>(column::TAKEN_END, over)?)
            }
            Filter::Recurring(when) => self.recurring(*when),
            Filter::Camera(text) => self.set(column::CAMERA, text),
            Filter::Lens(text) => self.set(column::LENS, text),
            Filter::Tag(text) => self.tag(text),
            Filter::Person(text) => self.words_of(self.fields.people, text),
            Filter::Place(text) => {
                let Fields { locations, places, .. } = *self.fields;
                Ok(self.words_of(locations, text)? | self.words_of(places, text)?)
            }
            Filter::Rating { min, max } => {
                let (min, max) = (min.unwrap_or(0).into(), max.unwrap_or(u8::MAX).into());
                self.number::<u64>(column::RATING, |stars| (min..=max).contains(&stars))
            }
            Filter::Text(text) => self.phrase(text),
            Filter::Near { center, km } => match Circle::new(*center, *km) {
                Some(circle) => self.at(|latitude, longitude| circle.contains(latitude, longitude)),
                None => Ok(RoaringBitmap::new()),
            },
            Filter::Inside(bounds) => {
                self.at(|latitude, longitude| bounds.contains(latitude, longitude))
            }
            Filter::FileSize { min, max } => {
                let (min, max) = (min.unwrap_or(0), max.unwrap_or(u64::MAX));
                self.number::<u64>(column::SIZE, |size| (min..=max).contains(&size))
            }
            Filter::Width { min, max } => self.pixels(column::WIDTH, *min, *max),
            Filter::Height { min, max } => self.pixels(column::HEIGHT, *min, *max),
            Filter::Orientation(shape) => self.orientation(*shape),
            Filter::Ids(ids) => {
                let starts: HashSet<u64> = ids.iter().copied().map(id_start).collect();
                self.number::<u64>(column::ID, |start| starts.contains(&start))
            }
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

    fn recurring(&self, when: Recurring) -> Docs {
        let columns = self.reader.fast_fields();
        let start = columns.column_opt::<i64>(column::TAKEN)?;
        let precision = columns.column_opt::<u64>(column::PRECISION)?;
        let (Some(start), Some(precision)) = (start, precision) else {
            return Ok(RoaringBitmap::new());
        };
        let holds = |doc: &u32| {
            let number = precision.first(*doc).and_then(|number| u8::try_from(number).ok());
            let known = number.and_then(Precision::from_number);
            start.first(*doc).zip(known).is_some_and(|(start, known)| when.holds(start, known))
        };
        Ok((0..self.reader.max_doc()).filter(holds).collect())
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

    /// Documents of photos that were taken at such a latitude and longitude.
    fn at(&self, passes: impl Fn(f64, f64) -> bool) -> Docs {
        let columns = self.reader.fast_fields();
        let latitude = columns.column_opt::<f64>(column::LATITUDE)?;
        let longitude = columns.column_opt::<f64>(column::LONGITUDE)?;
        let (Some(latitude), Some(longitude)) = (latitude, longitude) else {
            return Ok(RoaringBitmap::new());
        };
        let inside = |doc: &u32| match (latitude.first(*doc), longitude.first(*doc)) {
            (Some(latitude), Some(longitude)) => passes(latitude, longitude),
            _ => false,
        };
        Ok((0..self.reader.max_doc()).filter(inside).collect())
    }
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

/// The living documents that stand for their photos: those of first files.
pub(crate) fn photos(reader: &SegmentReader) -> tantivy::Result<impl Iterator<Item = u32> + '_> {
    let file = reader.fast_fields().u64(column::FILE);
    let file = file.map_err(|_| TantivyError::InternalError("a segment has no files".into()))?;
    Ok(reader.doc_ids_alive().filter(move |doc| file.first(*doc) == Some(0)))
}
