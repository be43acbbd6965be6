//! The photos that show classes: postings with counts, without a query of tantivy's.

use std::cmp::Reverse;

use roaring::RoaringBitmap;
use seer_types::RowId;
use tantivy::postings::Postings;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocSet, SegmentReader, TERMINATED, TantivyError, Term};

use crate::evaluate::{photos, row_column, row_of};
use crate::schema::column;

/// Collects rows by how likely they show one of some classes.
pub(crate) struct Showing<'a> {
    terms: Vec<Term>,
    within: Option<&'a RoaringBitmap>,
    /// The likeliest is the greatest: the squares of levels, the start of the id.
    found: Vec<(u32, Reverse<u64>, RowId)>,
}

impl<'a> Showing<'a> {
    pub(crate) fn new(field: Field, classes: &[String], within: Option<&'a RoaringBitmap>) -> Self {
        let mut terms: Vec<Term> =
            classes.iter().map(|names| Term::from_field_text(field, names)).collect();
        terms.sort_unstable();
        terms.dedup();
        Self { terms, within, found: Vec::new() }
    }

    /// Looks at a segment's living documents.
    pub(crate) fn look(&mut self, reader: &SegmentReader) -> tantivy::Result<()> {
        let squares = self.squares(reader)?;
        let row = row_column(reader)?;
        let id = reader.fast_fields().u64(column::ID);
        let id = id.map_err(|_| TantivyError::InternalError("a segment has no ids".into()))?;
        for doc in photos(reader)? {
            let squares = squares.get(doc as usize).copied().unwrap_or(0);
            let Some(row) = row_of(&row, doc).filter(|_| squares > 0) else { continue };
            if self.within.is_none_or(|within| within.contains(row)) {
                let id = Reverse(id.first(doc).unwrap_or(0));
                self.found.push((squares, id, RowId(row)));
            }
        }
        Ok(())
    }

    /// For each document the squares of the levels of its classes; empty where none has one.
    fn squares(&self, reader: &SegmentReader) -> tantivy::Result<Vec<u32>> {
        let mut squares = Vec::new();
        for term in &self.terms {
            let index = reader.inverted_index(term.field())?;
            let postings = index.read_postings(term, IndexRecordOption::WithFreqs)?;
            let Some(mut postings) = postings else { continue };
            squares.resize(reader.max_doc() as usize, 0_u32);
            while postings.doc() != TERMINATED {
                let level = postings.term_freq();
                squares[postings.doc() as usize] += level * level;
                postings.advance();
            }
        }
        Ok(squares)
    }

    /// The likeliest rows first with the squares of their levels, at most `most`.
    pub(crate) fn rows(mut self, most: usize) -> Vec<(RowId, u32)> {
        self.found.sort_unstable_by(|a, b| b.cmp(a));
        self.found.truncate(most);
        self.found.into_iter().map(|(squares, _, row)| (row, squares)).collect()
    }
}
