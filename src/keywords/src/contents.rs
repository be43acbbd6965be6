//! What an index holds, as one number, to compare it with what it should hold.

use std::hash::{DefaultHasher, Hash, Hasher};

use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet, SegmentReader, TERMINATED};

use crate::error::Result;
use crate::evaluate::{row_column, row_of};
use crate::index::Keywords;

impl Keywords {
    /// The sum, modulo 2^64, of a hash of each word, number or value, the field it stands in and
    /// the row that has it. Indexes of the same records have the same sum, however they came to be;
    /// the sums of two sets of records with no row in common add up to that of both.
    ///
    /// # Errors
    /// `Damaged`, `Io`.
    pub fn contents(&self) -> Result<u64> {
        self.read(|searcher| {
            let readers = searcher.segment_readers().iter();
            readers.map(contents_of).try_fold(0u64, |sum, part| Ok(sum.wrapping_add(part?)))
        })
    }
}

fn contents_of(reader: &SegmentReader) -> tantivy::Result<u64> {
    let rows = row_column(reader)?;
    let alive = reader.alive_bitset();
    let mut sum = 0u64;
    for (field, entry) in reader.schema().fields().filter(|(_, entry)| entry.is_indexed()) {
        let words = reader.inverted_index(field)?;
        let mut terms = words.terms().stream()?;
        while terms.advance() {
            let mut postings =
                words.read_postings_from_terminfo(terms.value(), IndexRecordOption::Basic)?;
            while postings.doc() != TERMINATED {
                let doc = postings.doc();
                if alive.is_none_or(|alive| alive.is_alive(doc)) {
                    let mut hasher = DefaultHasher::new();
                    (entry.name(), terms.key(), row_of(&rows, doc)).hash(&mut hasher);
                    sum = sum.wrapping_add(hasher.finish());
                }
                postings.advance();
            }
        }
    }
    Ok(sum)
}
