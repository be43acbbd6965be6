//! Writes records with what they are found by, and what was noted of analyses.

use seer_store::{Derived, DerivedFile, DerivedText, TextKind};
use seer_types::{PhotoId, PhotoRecord};
use tokio_postgres::types::Type;

use super::damaged;
use super::draft::Draft;
use super::tally::Tally;
use crate::connect::{Connection, Params};
use crate::error::{PostgresError, Result};
use crate::text::{SEPARATOR, escaped, joined, key};
use crate::value::encode_record;

/// Stands between two texts in a column of words; no word holds it.
const BETWEEN: &str = "|";

/// Columns in the order of [`Rows`], with how each is read from `u`.
const COLUMNS: [(&str, &str); 29] = [
    ("id", "u.id"),
    ("record", "u.record"),
    ("live", "u.live"),
    ("added", "u.added"),
    ("\"time\"", "u.\"time\""),
    ("taken", "u.taken"),
    ("taken_end", "u.taken_end"),
    ("precision", "u.precision"),
    ("rating", "u.rating"),
    ("size", "u.size"),
    ("width", "u.width"),
    ("height", "u.height"),
    ("latitude", "u.latitude"),
    ("longitude", "u.longitude"),
    ("format", "u.format"),
    ("camera", "u.camera"),
    ("lens", "u.lens"),
    ("tags", "string_to_array(u.tags, E'\\x07')"),
    ("classes", "string_to_array(u.classes, E'\\x07')"),
    ("levels", "string_to_array(u.levels, E'\\x07')::bigint[]"),
    ("facets", "string_to_array(u.facets, E'\\x07')"),
    ("paths", "u.paths"),
    ("endings", "u.endings"),
    ("names", "u.names"),
    ("folders", "u.folders"),
    ("words", "u.words"),
    ("people", "u.people"),
    ("places", "u.places"),
    ("lines", "u.lines"),
];

/// Rows as columns.
#[derive(Default)]
struct Rows {
    ids: Vec<Vec<u8>>,
    records: Vec<Vec<u8>>,
    live: Vec<bool>,
    added: Vec<i64>,
    time: Vec<i64>,
    taken: Vec<Option<i64>>,
    taken_end: Vec<Option<i64>>,
    precision: Vec<Option<i64>>,
    rating: Vec<Option<i64>>,
    size: Vec<i64>,
    width: Vec<i64>,
    height: Vec<i64>,
    latitude: Vec<Option<f64>>,
    longitude: Vec<Option<f64>>,
    format: Vec<String>,
    camera: Vec<String>,
    lens: Vec<String>,
    tags: Vec<String>,
    classes: Vec<String>,
    levels: Vec<String>,
    facets: Vec<String>,
    paths: Vec<String>,
    endings: Vec<String>,
    names: Vec<String>,
    folders: Vec<String>,
    words: Vec<String>,
    people: Vec<String>,
    places: Vec<String>,
    lines: Vec<String>,
}

pub(super) fn write(connection: &Connection, draft: &Draft, tally: &mut Tally) -> Result<()> {
    let (mut added, mut changed) = (Rows::default(), Rows::default());
    let is_live = |record: &Option<PhotoRecord>| {
        i64::from(record.as_ref().is_some_and(|record| !record.files.is_empty()))
    };
    for entry in draft.photos.values().filter(|entry| entry.is_changed()) {
        tally.add(Tally::PHOTOS, is_live(&entry.now) - is_live(&entry.before));
        let Some(record) = &entry.now else { continue };
        let rows = if entry.before.is_none() { &mut added } else { &mut changed };
        rows.push(connection, record)?;
    }
    insert(connection, added)?;
    update(connection, changed)
}

impl Rows {
    fn push(&mut self, connection: &Connection, record: &PhotoRecord) -> Result<()> {
        let derived = Derived::of(record);
        self.ids.push(record.id.0.to_vec());
        self.records.push(encode_record(record).map_err(damaged(connection))?);
        self.live.push(!record.files.is_empty());
        self.added.push(record.added);
        self.time.push(derived.time);
        self.taken.push(derived.taken.map(|taken| taken.start.seconds()));
        self.taken_end.push(derived.taken.map(|taken| taken.end().seconds()));
        self.precision.push(derived.taken.map(|taken| taken.precision.number().into()));
        self.rating.push(derived.rating.map(i64::from));
        self.size.push(derived.size.cast_signed());
        self.width.push(i64::from(derived.width));
        self.height.push(i64::from(derived.height));
        self.latitude.push(derived.position.map(|place| place.latitude));
        self.longitude.push(derived.position.map(|place| place.longitude));
        self.format.push(key(&derived.format));
        self.camera.push(word_set(&derived.camera));
        self.lens.push(word_set(&derived.lens));
        self.tags.push(joined(derived.tags.iter().map(|tag| key(tag))));
        self.classes.push(joined(derived.classes.iter().map(|class| key(&class.names))));
        self.levels.push(joined(derived.classes.iter().map(|class| class.level.to_string())));
        self.facets.push(joined(derived.facets.iter().map(|value| escaped(value))));
        let files = || derived.files.iter();
        self.paths.push(joined(files().map(|file| escaped(&file.path))));
        let ending = |file: &DerivedFile| key(file.extension.as_deref().unwrap_or_default());
        self.endings.push(joined(files().map(ending)));
        self.names.push(joined(files().map(|file| file.name.spaced())));
        self.folders.push(joined(files().map(|file| words(file.folders.iter()))));
        let texts =
            |is: fn(TextKind) -> bool| derived.texts.iter().filter(move |text| is(text.kind));
        self.words.push(words(texts(|kind| !matches!(kind, TextKind::Line | TextKind::Place))));
        self.people.push(words_or_nothing(texts(|kind| kind == TextKind::Person)));
        let is_place = |kind| matches!(kind, TextKind::Location | TextKind::Place);
        self.places.push(words_or_nothing(texts(is_place)));
        self.lines.push(words_or_nothing(texts(|kind| kind == TextKind::Line)));
        Ok(())
    }

    fn unnest(self, params: &mut Params) -> String {
        let places = [
            params.all_bytes(self.ids),
            params.all_bytes(self.records),
            params.add(self.live, Type::BOOL_ARRAY),
            params.ints(self.added),
            params.ints(self.time),
            params.add(self.taken, Type::INT8_ARRAY),
            params.add(self.taken_end, Type::INT8_ARRAY),
            params.add(self.precision, Type::INT8_ARRAY),
            params.add(self.rating, Type::INT8_ARRAY),
            params.ints(self.size),
            params.ints(self.width),
            params.ints(self.height),
            params.add(self.latitude, Type::FLOAT8_ARRAY),
            params.add(self.longitude, Type::FLOAT8_ARRAY),
            params.texts(self.format),
            params.texts(self.camera),
            params.texts(self.lens),
            params.texts(self.tags),
            params.texts(self.classes),
            params.texts(self.levels),
            params.texts(self.facets),
            params.texts(self.paths),
            params.texts(self.endings),
            params.texts(self.names),
            params.texts(self.folders),
            params.texts(self.words),
            params.texts(self.people),
            params.texts(self.places),
            params.texts(self.lines),
        ];
        let names = COLUMNS.map(|(name, _)| name).join(", ");
        format!("from unnest({}) as u({names})", places.join(", "))
    }
}

/// Words with spaces around each; nothing for no words.
fn word_set(set: &str) -> String {
    if set.is_empty() { String::new() } else { format!(" {set} ") }
}

/// The words of texts in both readings: ` beach party | beachparty `; a space for no words.
fn words<'a>(texts: impl IntoIterator<Item = &'a DerivedText>) -> String {
    let words = words_or_nothing(texts);
    if words.is_empty() { " ".to_owned() } else { words }
}

fn words_or_nothing<'a>(texts: impl IntoIterator<Item = &'a DerivedText>) -> String {
    let spaced: Vec<String> = texts.into_iter().map(DerivedText::spaced).collect();
    debug_assert!(!spaced.iter().any(|words| words.contains(SEPARATOR)));
    spaced.join(BETWEEN)
}

/// Writes again what these records are found by, which an older version derived otherwise.
pub(crate) fn derive_again(connection: &Connection, records: &[PhotoRecord]) -> Result<()> {
    let mut rows = Rows::default();
    records.iter().try_for_each(|record| rows.push(connection, record))?;
    update(connection, rows)
}

fn insert(connection: &Connection, rows: Rows) -> Result<()> {
    let wanted = rows.ids.len();
    if wanted == 0 {
        return Ok(());
    }
    let mut params = Params::new();
    let from = rows.unnest(&mut params);
    let (names, values) = (COLUMNS.map(|(name, _)| name), COLUMNS.map(|(_, value)| value));
    let statement = format!(
        "insert into photo ({}) select {} {from} order by u.id on conflict (id) do nothing \
         returning 1",
        names.join(", "),
        values.join(", ")
    );
    if connection.rows(&statement, &params)?.len() == wanted {
        return Ok(());
    }
    Err(PostgresError::again("another writer added the same photo"))
}

fn update(connection: &Connection, rows: Rows) -> Result<()> {
    if rows.ids.is_empty() {
        return Ok(());
    }
    let mut params = Params::new();
    let from = rows.unnest(&mut params);
    let set: Vec<String> =
        COLUMNS.iter().skip(1).map(|(name, value)| format!("{name} = {value}")).collect();
    let statement = format!("update photo p set {} {from} where p.id = u.id", set.join(", "));
    connection.rows(&statement, &params).map(drop)
}

pub(super) fn write_analyses(connection: &Connection, draft: &Draft) -> Result<()> {
    if draft.analyses.is_empty() {
        return Ok(());
    }
    let (mut ids, mut names, mut versions) = (Vec::new(), Vec::new(), Vec::new());
    for ((id, name), version) in &draft.analyses {
        ids.push(id.0.to_vec());
        names.push(name.clone());
        versions.push(i64::from(*version));
    }
    let mut params = Params::new();
    let (ids, names) = (params.all_bytes(ids), params.texts(names));
    let versions = params.ints(versions);
    let statement = format!(
        "insert into analysed (photo, name, version) \
         select * from unnest({ids}, {names}, {versions}) \
         on conflict (photo, name) do update set version = excluded.version"
    );
    connection.rows(&statement, &params).map(drop)
}

/// Drops these photos, which have no file, with what was noted of them; points are the caller's.
pub(crate) fn drop_gone(connection: &Connection, ids: &[PhotoId]) -> Result<()> {
    for (table, column) in [("analysed", "photo"), ("photo", "id")] {
        let mut params = Params::new();
        let ids = params.ids(ids);
        let statement = format!("delete from {table} where {column} = any({ids})");
        connection.rows(&statement, &params)?;
    }
    Ok(())
}
