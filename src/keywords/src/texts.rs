//! Filters by text: words are looked up, columns are read value by value.

use roaring::RoaringBitmap;
use seer_store::terms::{
    PART_OF_NAME, PART_OF_TEXT, folder_key, line_needle, name_readings, needle, plain_tag_keys,
    readings, set_has, spaced,
};
use seer_store::{Wanted, wanted};
use tantivy::Term;
use tantivy::columnar::StrColumn;
use tantivy::query::{EnableScoring, PhraseQuery, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};

use crate::evaluate::{Docs, Segment};
use crate::pairs::pairs;
use crate::schema::{Fields, TextField, column};

impl Segment<'_> {
    pub(crate) fn path(&self, text: &str) -> Docs {
        match wanted(text) {
            Wanted::Plain(text) if text.is_empty() => Ok(RoaringBitmap::new()),
            Wanted::Plain(text) => self.values(column::PATH, |path| path.contains(&text)),
            Wanted::Pattern(None) => Ok(RoaringBitmap::new()),
            Wanted::Pattern(Some(pattern)) => {
                self.values(column::PATH, |path| pattern.fits_in_path(path))
            }
        }
    }

    pub(crate) fn folder(&self, name: &str) -> Docs {
        let Some(key) = folder_key(name) else { return Ok(RoaringBitmap::new()) };
        match wanted(&key) {
            Wanted::Plain(key) => self.values(column::PARENT, |parent| parent.contains(&key)),
            Wanted::Pattern(None) => Ok(RoaringBitmap::new()),
            Wanted::Pattern(Some(pattern)) => {
                self.values(column::PARENT, |parent| pattern.fits_in_path(parent))
            }
        }
    }

    pub(crate) fn name(&self, text: &str) -> Docs {
        if let Wanted::Pattern(pattern) = wanted(text) {
            let Some(pattern) = pattern else { return Ok(RoaringBitmap::new()) };
            let name = |path: &str| path.rfind('/').map_or(0, |slash| slash + 1);
            return self.values(column::PATH, |path| pattern.fits_name(&path[name(path)..]));
        }
        let pieces = name_readings(text);
        let mut found = if pieces.is_empty() { RoaringBitmap::new() } else { self.every() };
        for readings in pieces {
            if found.is_empty() {
                break;
            }
            found &= self.in_name(&readings, PART_OF_NAME)?;
        }
        Ok(found)
    }

    /// Documents whose file's name holds one of these readings; numbers of at least `part` digits
    /// at an end may be part of longer ones.
    fn in_name(&self, readings: &[Vec<String>], part: usize) -> Docs {
        let mut found = RoaringBitmap::new();
        for words in readings {
            found |= match needle(words, part) {
                None => RoaringBitmap::new(),
                Some(needle) if needle == spaced(words) => {
                    self.words_in(self.fields.names, words)?
                }
                Some(needle) => self.values(column::NAME, |name| name.contains(&needle))?,
            };
        }
        Ok(found)
    }

    pub(crate) fn set(&self, name: &str, text: &str) -> Docs {
        let wanted = readings(text);
        self.values(name, |set| wanted.iter().any(|wanted| set_has(set, wanted)))
    }

    pub(crate) fn tag(&self, text: &str) -> Docs {
        if text.trim().is_empty() {
            return Ok(RoaringBitmap::new());
        }
        self.equals(column::TAG, &plain_tag_keys(text))
    }

    pub(crate) fn phrase(&self, text: &str) -> Docs {
        let Fields { folders, tags, caption, people, locations, .. } = self.fields;
        let readings = readings(text);
        let mut found = self.in_name(&readings, PART_OF_TEXT)?;
        for field in [folders, tags, caption, people, locations] {
            for reading in &readings {
                found |= self.words_in(*field, reading)?;
            }
        }
        Ok(found | self.in_lines(&readings)?)
    }

    /// Documents with a line, read in the picture, that holds one of these readings; see
    /// [`line_needle`].
    pub(crate) fn in_lines(&self, readings: &[Vec<String>]) -> Docs {
        let mut found = RoaringBitmap::new();
        for needle in readings.iter().filter_map(|reading| line_needle(reading)) {
            found |= self.words_in(self.fields.lines, &pairs(&needle))?;
        }
        Ok(found)
    }

    /// Documents with the words of a text, in either reading, one after the other in a field.
    pub(crate) fn words_of(&self, field: TextField, text: &str) -> Docs {
        let mut found = RoaringBitmap::new();
        for reading in readings(text) {
            found |= self.words_in(field, &reading)?;
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
            0 => return Ok(RoaringBitmap::new()),
            1 => Box::new(TermQuery::new(terms.remove(0), IndexRecordOption::Basic)),
            _ => Box::new(PhraseQuery::new(terms)),
        };
        let weight = query.weight(EnableScoring::disabled_from_searcher(self.searcher))?;
        let mut found = RoaringBitmap::new();
        weight.for_each_no_score(self.reader, &mut |docs| found.extend(docs.iter().copied()))?;
        Ok(found)
    }

    /// Documents that have a key; none where none is asked for.
    pub(crate) fn one(&self, name: &str, key: &str) -> Docs {
        match key.is_empty() {
            true => Ok(RoaringBitmap::new()),
            false => self.equals(name, &[key.to_owned()]),
        }
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
    pub(crate) fn values(&self, name: &str, passes: impl Fn(&str) -> bool) -> Docs {
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
