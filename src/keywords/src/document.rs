//! A record as a document of the index.

use std::path::Component;

use seer_types::{PhotoFile, PhotoRecord};
use tantivy::TantivyDocument;

use crate::fold::{fold, fold_path};
use crate::geometry::is_place;
use crate::newest::time_of;
use crate::schema::{Fields, TextField};
use crate::terms::{extension_key, tag_keys, word_set};
use crate::words::{Reading, words};

/// How often a word counts in each kind of text: BM25F weighs the number of occurrences, before
/// it is damped, rather than the score (Robertson, Zaragoza, Taylor: Simple BM25 extension to
/// multiple weighted fields, CIKM 2004). Scoring each field by itself would punish the few photos
/// that have tags: their texts are long beside an average of nearly none.
const TAG: usize = 4;
const CAPTION: usize = 3;
const NAME: usize = 2;
const FOLDER: usize = 1;
/// What a classifier sees is a guess.
const CLASS: usize = 1;
const GEAR: usize = 1;

/// The document of a record that has files.
pub(crate) fn document(fields: &Fields, record: &PhotoRecord) -> TantivyDocument {
    let mut document = TantivyDocument::default();
    document.add_u64(fields.row, u64::from(record.row.0));
    document.add_u64(fields.size, record.size);
    document.add_i64(fields.time, time_of(record));
    add_facts(fields, record, &mut document);
    for file in &record.files {
        add_file(fields, file, &mut document);
    }
    document
}

fn add_facts(fields: &Fields, record: &PhotoRecord, document: &mut TantivyDocument) {
    let facts = &record.facts;
    document.add_u64(fields.width, u64::from(facts.width));
    document.add_u64(fields.height, u64::from(facts.height));
    document.add_text(fields.format, fold(&facts.format));
    if let Some(taken) = facts.taken {
        document.add_i64(fields.taken, taken.seconds());
    }
    if let Some(place) = facts.position.filter(|place| is_place(*place)) {
        document.add_f64(fields.latitude, place.latitude);
        document.add_f64(fields.longitude, place.longitude);
    }
    let (make, model) = (facts.camera_make.as_deref(), facts.camera_model.as_deref());
    let lens = facts.lens.as_deref();
    add_set(fields.camera, &word_set(&[make, model]), document);
    add_set(fields.lens, &word_set(&[lens]), document);
    for gear in [make, model, lens].into_iter().flatten() {
        add_ranked(fields, gear, GEAR, document);
    }
    for tag in &facts.tags {
        tag_keys(tag).iter().for_each(|key| document.add_text(fields.tag, key));
        add_text(fields, fields.tags, tag, TAG, document);
    }
    for word in facts.classes.iter().flat_map(|class| class.split(", ")) {
        tag_keys(word).iter().for_each(|key| document.add_text(fields.tag, key));
        add_text(fields, fields.tags, word, CLASS, document);
    }
    if let Some(caption) = &facts.caption {
        add_text(fields, fields.caption, caption, CAPTION, document);
    }
}

fn add_set(field: tantivy::schema::Field, set: &str, document: &mut TantivyDocument) {
    if !set.is_empty() {
        document.add_text(field, set);
    }
}

fn add_file(fields: &Fields, file: &PhotoFile, document: &mut TantivyDocument) {
    let path = file.path.as_path();
    let folded = fold_path(&file.path.to_text());
    let parent = folded.rfind('/').map_or("", |slash| &folded[..=slash]);
    document.add_text(fields.parent, parent);
    document.add_text(fields.path, &folded);
    if let Some(extension) = path.extension() {
        document.add_text(fields.extension, extension_key(&extension.to_string_lossy()));
    }
    if let Some(name) = path.file_name() {
        add_text(fields, fields.names, &name.to_string_lossy(), NAME, document);
    }
    for folder in folders_from_root(file) {
        add_text(fields, fields.folders, &folder, FOLDER, document);
    }
}

/// Names of the folders from the indexed one down to the file. What lies above it ("home",
/// a user's name) says nothing about a photo.
fn folders_from_root(file: &PhotoFile) -> Vec<String> {
    let parent = file.path.as_path().parent().unwrap_or(file.path.as_path());
    let above = file.root.as_path().parent();
    let below = above.and_then(|above| parent.strip_prefix(above).ok()).unwrap_or(parent);
    let normal = |part: Component<'_>| match part {
        Component::Normal(name) => Some(name.to_string_lossy().into_owned()),
        _ => None,
    };
    below.components().filter_map(normal).collect()
}

fn add_text(
    fields: &Fields,
    field: TextField,
    text: &str,
    weight: usize,
    document: &mut TantivyDocument,
) {
    document.add_text(field.split, text);
    if words(text, Reading::Split) != words(text, Reading::Joined) {
        document.add_text(field.joined, text);
    }
    add_ranked(fields, text, weight, document);
}

fn add_ranked(fields: &Fields, text: &str, weight: usize, document: &mut TantivyDocument) {
    for _ in 0..weight {
        document.add_text(fields.ranked, text);
        document.add_text(fields.stems, text);
    }
}

#[cfg(test)]
mod tests {
    use seer_types::{FileStamp, LibraryPath};

    use super::*;

    #[test]
    fn folders_count_from_the_indexed_one() {
        let folders = |path: &str, root: &str| {
            let stamp = FileStamp::new(0, 0);
            let (path, root) = (LibraryPath::new(path), LibraryPath::new(root));
            folders_from_root(&PhotoFile { path, root, stamp })
        };
        assert_eq!(folders("/home/me/Pics/2019/a.jpg", "/home/me/Pics"), ["Pics", "2019"]);
        assert_eq!(folders("/a.jpg", "/"), [""; 0]);
        assert_eq!(folders("/x/a.jpg", "/"), ["x"]);
        assert_eq!(folders("/other/a.jpg", "/home/me"), ["other"]);
    }
}
