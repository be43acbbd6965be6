//! What a photo is found by as documents of the index, one for each of its files.

use std::iter;

use seer_store::terms::spaced;
use seer_store::{Derived, DerivedFile, DerivedText, TextKind};
use seer_types::{PhotoId, PhotoRecord, RowId};
use tantivy::TantivyDocument;
use tantivy::schema::Field;
use tantivy::tokenizer::{PreTokenizedString, Token};

use crate::pairs::pairs;
use crate::schema::Fields;

/// The first 8 bytes of an id as a number that sorts as ids do.
pub(crate) fn id_start(id: PhotoId) -> u64 {
    let [a, b, c, d, e, f, g, h, ..] = id.0;
    u64::from_be_bytes([a, b, c, d, e, f, g, h])
}

/// The documents of a photo, in the order of its files; none for one without files.
pub(crate) fn documents(
    fields: &Fields,
    row: RowId,
    record: &PhotoRecord,
) -> impl Iterator<Item = TantivyDocument> {
    let derived = Derived::of(record);
    let (added, id) = (record.added, id_start(record.id));
    (0..derived.files.len()).map(move |number| {
        let mut document = TantivyDocument::default();
        document.add_u64(fields.row, u64::from(row.0));
        document.add_i64(fields.added, added);
        document.add_u64(fields.id, id);
        add_photo(fields, &derived, &mut document);
        document.add_u64(fields.file, number as u64);
        add_file(fields, &derived.files[number], &mut document);
        document
    })
}

fn add_photo(fields: &Fields, derived: &Derived, document: &mut TantivyDocument) {
    document.add_u64(fields.size, derived.size);
    document.add_u64(fields.width, u64::from(derived.width));
    document.add_u64(fields.height, u64::from(derived.height));
    document.add_i64(fields.time, derived.time);
    document.add_text(fields.format, &derived.format);
    if let Some(taken) = derived.taken {
        document.add_i64(fields.taken, taken.start.seconds());
        document.add_i64(fields.taken_end, taken.end().seconds());
        document.add_u64(fields.precision, taken.precision.number().into());
    }
    if let Some(stars) = derived.rating {
        document.add_u64(fields.rating, stars.into());
    }
    if let Some(place) = derived.position {
        document.add_f64(fields.latitude, place.latitude);
        document.add_f64(fields.longitude, place.longitude);
    }
    for (field, set) in [(fields.camera, &derived.camera), (fields.lens, &derived.lens)] {
        if !set.is_empty() {
            document.add_text(field, set);
        }
    }
    derived.tags.iter().for_each(|key| document.add_text(fields.tag, key));
    derived.facets.iter().for_each(|value| document.add_text(fields.facet, value));
    let levels =
        derived.classes.iter().flat_map(|class| iter::repeat_n(&class.names, class.level.into()));
    add_words(fields.class, levels, document);
    derived.texts.iter().for_each(|text| add_text(fields, text, document));
}

fn add_file(fields: &Fields, file: &DerivedFile, document: &mut TantivyDocument) {
    document.add_text(fields.path, &file.path);
    document.add_text(fields.parent, &file.parent);
    document.add_text(fields.name, file.name.spaced());
    file.extension.iter().for_each(|key| document.add_text(fields.extension, key));
    add_text(fields, &file.name, document);
    file.folders.iter().for_each(|folder| add_text(fields, folder, document));
}

fn add_text(fields: &Fields, text: &DerivedText, document: &mut TantivyDocument) {
    let field = match text.kind {
        TextKind::Name => fields.names,
        TextKind::Folder => fields.folders,
        TextKind::Tag => fields.tags,
        TextKind::Caption => fields.caption,
        TextKind::Person => fields.people,
        TextKind::Location => fields.locations,
        TextKind::Place => fields.places,
        TextKind::Line => return add_line(fields, text, document),
    };
    add_words(field.split, &text.split, document);
    if let Some(joined) = &text.joined {
        add_words(field.joined, joined, document);
    }
}

/// A line as the pairs of its characters in each reading.
fn add_line(fields: &Fields, text: &DerivedText, document: &mut TantivyDocument) {
    add_words(fields.lines.split, &pairs(&spaced(&text.split)), document);
    if let Some(joined) = &text.joined {
        add_words(fields.lines.joined, &pairs(&spaced(joined)), document);
    }
}

/// Words one after the other; tantivy keeps those of another text of the field apart from them.
fn add_words<'a>(
    field: Field,
    words: impl IntoIterator<Item = &'a String>,
    document: &mut TantivyDocument,
) {
    let token = |(position, word): (usize, &String)| Token {
        position,
        text: word.clone(),
        ..Token::default()
    };
    let tokens = words.into_iter().enumerate().map(token).collect();
    document.add_pre_tokenized_text(field, PreTokenizedString { text: String::new(), tokens });
}
