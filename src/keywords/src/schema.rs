//! The fields of the index.
//!
//! Columns hold values as they are compared; filters scan them. Texts hold words; filters and the
//! ranking look words up. Nothing is stored for display: records come from the catalog.

use tantivy::Index;
use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::tokenizer::{Language, Stemmer, StopWordFilter, TextAnalyzer};

use crate::words::{Reading, WordTokenizer, words, words_of_both};

/// Tokenizers by name; a change of what they do needs a new [`crate::FORMAT`].
const SPLIT: &str = "seer_split";
const JOINED: &str = "seer_joined";
const BOTH: &str = "seer_both";
const STEM: &str = "seer_stem";

/// Names of columns, as filters ask for them.
pub(crate) mod column {
    pub(crate) const ROW: &str = "row";
    pub(crate) const SIZE: &str = "size";
    pub(crate) const WIDTH: &str = "width";
    pub(crate) const HEIGHT: &str = "height";
    pub(crate) const TAKEN: &str = "taken";
    /// [`crate::newest::time_of`] the record.
    pub(crate) const TIME: &str = "time";
    pub(crate) const LATITUDE: &str = "latitude";
    pub(crate) const LONGITUDE: &str = "longitude";
    /// Folded paths.
    pub(crate) const PATH: &str = "path";
    /// Folded paths up to and with the last slash.
    pub(crate) const PARENT: &str = "parent";
    pub(crate) const EXTENSION: &str = "extension";
    pub(crate) const FORMAT: &str = "format";
    /// Words with spaces between them.
    pub(crate) const CAMERA: &str = "camera";
    pub(crate) const LENS: &str = "lens";
    /// Keys of tags; see [`crate::terms::tag_keys`].
    pub(crate) const TAG: &str = "tag";
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
    pub(crate) size: Field,
    pub(crate) width: Field,
    pub(crate) height: Field,
    pub(crate) taken: Field,
    pub(crate) time: Field,
    pub(crate) latitude: Field,
    pub(crate) longitude: Field,
    pub(crate) path: Field,
    pub(crate) parent: Field,
    pub(crate) extension: Field,
    pub(crate) format: Field,
    pub(crate) camera: Field,
    pub(crate) lens: Field,
    pub(crate) tag: Field,
    pub(crate) names: TextField,
    pub(crate) folders: TextField,
    pub(crate) tags: TextField,
    pub(crate) caption: TextField,
    /// All words, those of weightier texts repeated: what the ranking counts.
    pub(crate) ranked: Field,
    /// The same as English stems.
    pub(crate) stems: Field,
}

/// The schema and its fields.
pub(crate) fn build() -> (Schema, Fields) {
    let mut schema = Schema::builder();
    let text = |tokenizer: &str, option: IndexRecordOption| {
        let indexing = TextFieldIndexing::default()
            .set_tokenizer(tokenizer)
            .set_fieldnorms(false)
            .set_index_option(option);
        TextOptions::default().set_indexing_options(indexing)
    };
    let phrases = IndexRecordOption::WithFreqsAndPositions;
    let column = TextOptions::default().set_fast("raw");
    let pair = |schema: &mut tantivy::schema::SchemaBuilder, name: &str| TextField {
        split: schema.add_text_field(name, text(SPLIT, phrases)),
        joined: schema.add_text_field(&format!("{name}_joined"), text(JOINED, phrases)),
    };
    let (names, folders) = (pair(&mut schema, "names"), pair(&mut schema, "folders"));
    let (tags, caption) = (pair(&mut schema, "tags"), pair(&mut schema, "caption"));
    let fields = Fields {
        row: schema.add_u64_field(column::ROW, FAST | INDEXED),
        size: schema.add_u64_field(column::SIZE, FAST),
        width: schema.add_u64_field(column::WIDTH, FAST),
        height: schema.add_u64_field(column::HEIGHT, FAST),
        taken: schema.add_i64_field(column::TAKEN, FAST),
        time: schema.add_i64_field(column::TIME, FAST),
        latitude: schema.add_f64_field(column::LATITUDE, FAST),
        longitude: schema.add_f64_field(column::LONGITUDE, FAST),
        path: schema.add_text_field(column::PATH, column.clone()),
        parent: schema.add_text_field(column::PARENT, column.clone()),
        extension: schema.add_text_field(column::EXTENSION, column.clone()),
        format: schema.add_text_field(column::FORMAT, column.clone()),
        camera: schema.add_text_field(column::CAMERA, column.clone()),
        lens: schema.add_text_field(column::LENS, column.clone()),
        tag: schema.add_text_field(column::TAG, column),
        names,
        folders,
        tags,
        caption,
        ranked: schema.add_text_field("ranked", text(BOTH, IndexRecordOption::WithFreqs)),
        stems: schema.add_text_field("stems", text(STEM, IndexRecordOption::WithFreqs)),
    };
    (schema.build(), fields)
}

/// Tells an index what our tokenizers are.
pub(crate) fn register_tokenizers(index: &Index) {
    let tokenizers = index.tokenizers();
    tokenizers.register(SPLIT, WordTokenizer(|text| words(text, Reading::Split)));
    tokenizers.register(JOINED, WordTokenizer(|text| words(text, Reading::Joined)));
    tokenizers.register(BOTH, WordTokenizer(words_of_both));
    tokenizers.register(STEM, stemming());
}

/// Words reduced to English stems, without "the" and its kind.
pub(crate) fn stemming() -> TextAnalyzer {
    let words = TextAnalyzer::builder(WordTokenizer(words_of_both));
    match StopWordFilter::new(Language::English) {
        Some(stop_words) => {
            words.filter(stop_words).filter(Stemmer::new(Language::English)).build()
        }
        None => words.filter(Stemmer::new(Language::English)).build(),
    }
}
