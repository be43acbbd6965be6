//! Whether any document meets a filter, for many filters at once.

use std::collections::HashSet;

use seer_store::terms::{folder_key, plain_tag_keys, readings};
use seer_store::words::{Reading, words};
use seer_store::{Filter, Wanted, wanted};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocSet, TERMINATED, Term};

use crate::evaluate::Segment;
use crate::schema::{Fields, column};

impl Segment<'_> {
    /// Notes which of the filters a living document of this segment meets; those that are met
    /// already are not looked at.
    pub(crate) fn any(&self, filters: &[Filter], found: &mut [bool]) -> tantivy::Result<()> {
        let folders = self.folders(filters)?;
        let mut live = None;
        for (filter, found) in filters.iter().zip(found).filter(|(_, found)| !**found) {
            if single_folder(filter).is_some_and(|name| !folders.contains(&name)) {
                continue;
            }
            *found = match filter {
                Filter::Text(text) if single_word(text).is_some() => {
                    self.any_word(text)? || self.any_line(text)?
                }
                Filter::Tag(text) if !text.trim().is_empty() => self.any_tag(text)?,
                _ => {
                    let docs = self.docs(filter)?;
                    !docs.is_empty() && !docs.is_disjoint(live.get_or_insert_with(|| self.live()))
                }
            };
        }
        Ok(())
    }

    /// Whether a word stands in a line of any living document.
    fn any_line(&self, text: &str) -> tantivy::Result<bool> {
        let docs = self.in_lines(&readings(text))?;
        let is_living = |doc: u32| !self.reader.is_deleted(doc);
        Ok(docs.into_iter().any(is_living))
    }

    /// Whether a single word stands in a text of any living document; the first one ends it.
    fn any_word(&self, text: &str) -> tantivy::Result<bool> {
        let Fields { names, folders, tags, caption, people, locations, .. } = self.fields;
        for word in single_word(text).into_iter().flatten() {
            for field in [names, folders, tags, caption, people, locations] {
                if self.holds(field.split, &word)? || self.holds(field.joined, &word)? {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    fn holds(&self, field: Field, word: &str) -> tantivy::Result<bool> {
        let term = Term::from_field_text(field, word);
        let index = self.reader.inverted_index(field)?;
        let Some(mut docs) = index.read_postings(&term, IndexRecordOption::Basic)? else {
            return Ok(false);
        };
        while docs.doc() != TERMINATED {
            if !self.reader.is_deleted(docs.doc()) {
                return Ok(true);
            }
            docs.advance();
        }
        Ok(false)
    }

    /// Whether any living document has a tag; the first one ends it.
    fn any_tag(&self, text: &str) -> tantivy::Result<bool> {
        let Some(column) = self.reader.fast_fields().str(column::TAG)? else { return Ok(false) };
        let mut wanted = Vec::new();
        for key in plain_tag_keys(text) {
            wanted.extend(column.dictionary().term_ord(key.as_bytes())?);
        }
        let has = |doc: u32| column.ords().values_for_doc(doc).any(|tag| wanted.contains(&tag));
        Ok(!wanted.is_empty() && self.reader.doc_ids_alive().any(has))
    }

    /// Of the folders that filters ask for by one name, those that are on the path of a file. Every
    /// path is read once, whatever the number of filters.
    fn folders(&self, filters: &[Filter]) -> tantivy::Result<HashSet<String>> {
        let mut wanted: HashSet<String> = filters.iter().filter_map(single_folder).collect();
        let mut found = HashSet::new();
        let Some(column) = self.reader.fast_fields().str(column::PARENT)? else { return Ok(found) };
        if wanted.is_empty() {
            return Ok(found);
        }
        let mut paths = column.dictionary().stream()?;
        while paths.advance() {
            let Ok(path) = std::str::from_utf8(paths.key()) else { continue };
            found.extend(path.split('/').filter_map(|name| wanted.take(name)));
        }
        Ok(found)
    }
}

/// The two readings of a text that is one word in both, and not a number, which may be part of
/// another.
fn single_word(text: &str) -> Option<[String; 2]> {
    if text.contains(char::is_numeric) {
        return None;
    }
    let mut readings = [Reading::Split, Reading::Joined].map(|reading| words(text, reading));
    let single = readings.iter().all(|words| words.len() == 1);
    single.then(|| [readings[0].remove(0), readings[1].remove(0)])
}

/// The folded name of the folder that a filter asks for, where that is one.
fn single_folder(filter: &Filter) -> Option<String> {
    let Filter::Folder(name) = filter else { return None };
    if matches!(wanted(name), Wanted::Pattern(_)) {
        return None;
    }
    let key = folder_key(name)?;
    let name = key.trim_matches('/');
    (!name.contains('/')).then(|| name.to_owned())
}
