//! The fields of the index.
//!
//! A document is one file of a photo, with all that the photo is found by, so that what is asked of
//! a file must be true of one. A photo's documents share its row; the first one stands for it where
//! photos are listed.
//!
//! Columns hold values as they are compared; filters scan them. Texts hold words; filters look them
//! up. Nothing is stored for display: records come from the catalog. What the values are is
//! [`seer_store::Derived`]'s business; a change there needs a new [`crate::FORMAT`].

use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, Schema, TextFieldIndexing, TextOptions,
};

/// Names of columns, as filters ask for them.
pub(crate) mod column {
    pub(crate) const ROW: &str = "row";
    /// The number of the file among the photo's files.
    pub(crate) const FILE: &str = "file";
    pub(crate) const SIZE: &str = "size";
    pub(crate) const WIDTH: &str = "width";
    pub(crate) const HEIGHT: &str = "height";
    /// When it was taken: the start, and the first second after.
    pub(crate) const TAKEN: &str = "taken";
    pub(crate) const TAKEN_END: &str = "taken_end";
    /// How exactly that is known, as a number.
    pub(crate) const PRECISION: &str = "precision";
    pub(crate) const RATING: &str = "rating";
    /// The place among the newest.
    pub(crate) const TIME: &str = "time";
    /// When the library first saw it, in seconds.
    pub(crate) const ADDED: &str = "added";
    /// The first 8 bytes of the photo's id.
    pub(crate) const ID: &str = "id";
    pub(crate) const LATITUDE: &str = "latitude";
    pub(crate) const LONGITUDE: &str = "longitude";
    /// The folded path.
    pub(crate) const PATH: &str = "path";
    /// The folded path up to and with the last slash.
    pub(crate) const PARENT: &str = "parent";
    /// The words of the file's name in both readings, with a space around each.
    pub(crate) const NAME: &str = "name";
    pub(crate) const EXTENSION: &str = "extension";
    pub(crate) const FORMAT: &str = "format";
    /// Words with spaces between them.
    pub(crate) const CAMERA: &str = "camera";
    pub(crate) const LENS: &str = "lens";
    /// Keys of tags.
    pub(crate) const TAG: &str = "tag";
    /// The values that photos are counted by.
    pub(crate) const FACET: &str = "facet";
}

/// A text in its two readings; the second is filled where it differs.
#[derive(Clone, Copy)]
pub(crate) struct TextField {
    pub(crate) split: Field,
    pub(crate) joined: Field,
}

/// All fields.
#[derive(Clone)]
pub(crate) struct Fields {
    pub(crate) row: Field,
    pub(crate) file: Field,
    pub(crate) size: Field,
    pub(crate) width: Field,
    pub(crate) height: Field,
    pub(crate) taken: Field,
    pub(crate) taken_end: Field,
    pub(crate) precision: Field,
    pub(crate) rating: Field,
    pub(crate) time: Field,
    pub(crate) added: Field,
    pub(crate) id: Field,
    pub(crate) latitude: Field,
    pub(crate) longitude: Field,
    pub(crate) path: Field,
    pub(crate) parent: Field,
    pub(crate) name: Field,
    pub(crate) extension: Field,
    pub(crate) format: Field,
    pub(crate) camera: Field,
    pub(crate) lens: Field,
    pub(crate) tag: Field,
    pub(crate) facet: Field,
    /// Names of classes, each as often as its level.
    pub(crate) class: Field,
    pub(crate) names: TextField,
    pub(crate) folders: TextField,
    pub(crate) tags: TextField,
    pub(crate) caption: TextField,
    pub(crate) people: TextField,
    pub(crate) locations: TextField,
    pub(crate) places: TextField,
    /// Lines read in the picture as pairs of characters, of which parts of words are runs.
    pub(crate) lines: TextField,
}

/// The schema and its fields.
pub(crate) fn build() -> (Schema, Fields) {
    let mut schema = Schema::builder();
    // Documents bring their words: no tokenizer of tantivy's sees a text.
    let words = TextFieldIndexing::default()
        .set_tokenizer("raw")
        .set_fieldnorms(false)
        .set_index_option(IndexRecordOption::WithFreqsAndPositions);
    let words = TextOptions::default().set_indexing_options(words);
    let counted = TextFieldIndexing::default()
        .set_tokenizer("raw")
        .set_fieldnorms(false)
        .set_index_option(IndexRecordOption::WithFreqs);
    let counted = TextOptions::default().set_indexing_options(counted);
    let column = TextOptions::default().set_fast("raw");
    let pair = |schema: &mut tantivy::schema::SchemaBuilder, name: &str| TextField {
        split: schema.add_text_field(name, words.clone()),
        joined: schema.add_text_field(&format!("{name}_joined"), words.clone()),
    };
    let (names, folders) = (pair(&mut schema, "names"), pair(&mut schema, "folders"));
    let (tags, caption) = (pair(&mut schema, "tags"), pair(&mut schema, "caption"));
    let (people, places) = (pair(&mut schema, "people"), pair(&mut schema, "places"));
    let (lines, locations) = (pair(&mut schema, "lines"), pair(&mut schema, "locations"));
    let fields = Fields {
        row: schema.add_u64_field(column::ROW, FAST | INDEXED),
        file: schema.add_u64_field(column::FILE, FAST),
        size: schema.add_u64_field(column::SIZE, FAST),
        width: schema.add_u64_field(column::WIDTH, FAST),
        height: schema.add_u64_field(column::HEIGHT, FAST),
        taken: schema.add_i64_field(column::TAKEN, FAST),
        taken_end: schema.add_i64_field(column::TAKEN_END, FAST),
        precision: schema.add_u64_field(column::PRECISION, FAST),
        rating: schema.add_u64_field(column::RATING, FAST),
        time: schema.add_i64_field(column::TIME, FAST),
        added: schema.add_i64_field(column::ADDED, FAST),
        id: schema.add_u64_field(column::ID, FAST),
        latitude: schema.add_f64_field(column::LATITUDE, FAST),
        longitude: schema.add_f64_field(column::LONGITUDE, FAST),
        path: schema.add_text_field(column::PATH, column.clone()),
        parent: schema.add_text_field(column::PARENT, column.clone()),
        name: schema.add_text_field(column::NAME, column.clone()),
        extension: schema.add_text_field(column::EXTENSION, column.clone()),
        format: schema.add_text_field(column::FORMAT, column.clone()),
        camera: schema.add_text_field(column::CAMERA, column.clone()),
        lens: schema.add_text_field(column::LENS, column.clone()),
        tag: schema.add_text_field(column::TAG, column.clone()),
        facet: schema.add_text_field(column::FACET, column),
        class: schema.add_text_field("class", counted),
        names,
        folders,
        tags,
        caption,
        people,
        locations,
        places,
        lines,
    };
    (schema.build(), fields)
}
