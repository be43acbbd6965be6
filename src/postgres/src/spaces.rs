//! The spaces of a library, and their tables.

use std::collections::BTreeMap;

use seer_store::SpaceEntry;
use seer_types::{IndexKind, ModelFingerprint};

use crate::apply::{Tally, total};
use crate::connect::{Connection, Params, cell};
use crate::error::{PostgresError, Result};
use crate::schema::lock::Lock;
use crate::schema::points::{MOST_NUMBERS, create, table_of};
use crate::work_list;

/// A space as it is stored.
#[derive(Clone, Debug)]
pub(crate) struct Space {
    pub(crate) model: ModelFingerprint,
    /// The number in the name of its table.
    pub(crate) number: i64,
    name: String,
    /// Numbers of each vector.
    pub(crate) dim: usize,
    /// Whether it was added; else only points came.
    added: bool,
    /// How its vectors shall be indexed.
    pub(crate) kind: IndexKind,
    /// How they are indexed now: [`IndexKind::Exact`] without an index.
    pub(crate) built: IndexKind,
    /// How many points there were when the index was built.
    pub(crate) built_rows: u64,
    /// Lists of each of its tables.
    pub(crate) lists: u64,
}

/// All spaces.
#[derive(Default)]
pub(crate) struct Spaces(pub(crate) Vec<Space>);

impl Spaces {
    pub(crate) fn by_model(self) -> BTreeMap<ModelFingerprint, Space> {
        self.0.into_iter().map(|space| (space.model, space)).collect()
    }
}

const COLUMNS: &str = "model, number, name, dim, added, kind, built, built_rows, lists";

pub(crate) fn all(connection: &Connection) -> Result<Spaces> {
    let statement = format!("select {COLUMNS} from space order by model");
    let rows = connection.rows(&statement, &Params::new())?;
    rows.iter().map(|row| read(connection, row)).collect::<Result<_>>().map(Spaces)
}

pub(crate) fn find(connection: &Connection, model: ModelFingerprint) -> Result<Option<Space>> {
    let mut params = Params::new();
    let model = params.bytes(model.0.to_vec());
    let statement = format!("select {COLUMNS} from space where model = {model}");
    let rows = connection.rows(&statement, &params)?;
    rows.first().map(|row| read(connection, row)).transpose()
}

fn read(connection: &Connection, row: &tokio_postgres::Row) -> Result<Space> {
    let model: &[u8] = cell(row, 0)?;
    let model = model.try_into().map(ModelFingerprint);
    let kind = |text: Option<&str>| {
        let kind = text.map_or(Ok(IndexKind::Exact), str::parse);
        kind.map_err(|error| connection.damaged(error))
    };
    let number =
        |column| Ok::<_, PostgresError>(u64::try_from(cell::<i64>(row, column)?).unwrap_or(0));
    Ok(Space {
        model: model.map_err(|_| connection.damaged("a space's model is not 16 bytes long"))?,
        number: cell(row, 1)?,
        name: String::from_utf8_lossy(cell(row, 2)?).into_owned(),
        dim: usize::try_from(number(3)?).unwrap_or(0),
        added: cell(row, 4)?,
        kind: kind(Some(cell(row, 5)?))?,
        built: kind(cell(row, 6)?)?,
        built_rows: number(7)?,
        lists: number(8)?,
    })
}

/// Gives a space its table, for points that came before it was added. Another writer may have done
/// that meanwhile.
pub(crate) fn begin(
    connection: &Connection,
    partitions: u32,
    model: ModelFingerprint,
    dim: usize,
) -> Result<i64> {
    lock(connection)?;
    if let Some(space) = find(connection, model)? {
        if space.dim == dim {
            return Ok(space.number);
        }
        return Err(PostgresError::WrongLength { model, found: dim, expected: space.dim });
    }
    if dim == 0 || dim > MOST_NUMBERS {
        return Err(PostgresError::ImpossibleLength { found: dim });
    }
    let number = connection.row("select nextval('space_number')", &Params::new())?;
    let number: i64 = cell(&number, 0)?;
    let mut params = Params::new();
    let (model, place) = (params.bytes(model.0.to_vec()), params.int(number));
    let dim_place = params.int(i64::try_from(dim).unwrap_or(i64::MAX));
    let statement = format!(
        "insert into space (model, number, name, dim, added, kind) \
         values ({model}, {place}, '', {dim_place}, false, 'auto')"
    );
    connection.rows(&statement, &params)?;
    connection.batch(&create(number, dim, partitions))?;
    Ok(number)
}

fn lock(connection: &Connection) -> Result<()> {
    connection.batch(&format!("select pg_advisory_xact_lock({})", Lock::Spaces.number(0)))
}

/// See [`seer_store::Store::add_space`].
pub(crate) fn add(
    connection: &Connection,
    partitions: u32,
    model: ModelFingerprint,
    name: &str,
    dim: usize,
) -> Result<()> {
    begin(connection, partitions, model, dim)?;
    let mut params = Params::new();
    let (name, model) = (params.bytes(name.as_bytes().to_vec()), params.bytes(model.0.to_vec()));
    let statement = format!("update space set name = {name}, added = true where model = {model}");
    connection.rows(&statement, &params).map(drop)
}

/// See [`seer_store::Store::delete_space`].
pub(crate) fn delete(connection: &Connection, model: ModelFingerprint) -> Result<()> {
    lock(connection)?;
    let Some(space) = find(connection, model)? else { return Ok(()) };
    for statement in [
        "delete from space where model = {model}",
        "update library set current_space = null where current_space = {model}",
    ] {
        let mut params = Params::new();
        let model = params.bytes(model.0.to_vec());
        connection.rows(&statement.replace("{model}", &model), &params)?;
    }
    connection.batch(&format!("drop table {}", table_of(space.number)))?;
    work_list::drop_of_model(connection, model)?;
    let mut params = Params::new();
    let counts = [Tally::in_space(space.number), Tally::found_in_space(space.number)];
    let counts = params.texts(counts.to_vec());
    connection.rows(&format!("delete from tally where what = any({counts})"), &params).map(drop)
}

/// See [`seer_store::Store::use_space`].
pub(crate) fn choose(connection: &Connection, model: ModelFingerprint) -> Result<()> {
    added(connection, model)?;
    let mut params = Params::new();
    let model = params.bytes(model.0.to_vec());
    let statement = format!("update library set current_space = {model}");
    connection.rows(&statement, &params).map(drop)
}

pub(crate) fn current(connection: &Connection) -> Result<Option<ModelFingerprint>> {
    let row = connection.row("select current_space from library", &Params::new())?;
    let model: Option<&[u8]> = cell(&row, 0)?;
    let read = |model: &[u8]| model.try_into().map(ModelFingerprint);
    let model = model.map(read).transpose();
    model.map_err(|_| connection.damaged("the model in use is not 16 bytes long"))
}

/// Notes how a space's vectors shall be indexed.
pub(crate) fn set_kind(
    connection: &Connection,
    model: ModelFingerprint,
    kind: IndexKind,
) -> Result<()> {
    added(connection, model)?;
    let mut params = Params::new();
    let (kind, model) = (params.text(kind.name().to_owned()), params.bytes(model.0.to_vec()));
    let statement = format!("update space set kind = {kind} where model = {model}");
    connection.rows(&statement, &params).map(drop)
}

fn added(connection: &Connection, model: ModelFingerprint) -> Result<Space> {
    let space = find(connection, model)?.filter(|space| space.added);
    space.ok_or(PostgresError::UnknownSpace { model })
}

/// See [`seer_store::Store::spaces`].
pub(crate) fn entries(connection: &Connection) -> Result<Vec<SpaceEntry>> {
    let spaces = all(connection)?.0;
    let counts: Vec<String> = spaces.iter().map(|space| Tally::in_space(space.number)).collect();
    let counts = total(connection, &counts)?;
    let entry = |(space, photos): (Space, u64)| SpaceEntry {
        model: space.model,
        name: space.name,
        dim: if space.added { space.dim } else { 0 },
        photos,
        index: space.kind,
    };
    let entries = spaces.into_iter().zip(counts).map(entry);
    // A space that was never added and has no points any more is none.
    Ok(entries.filter(|entry| entry.dim > 0 || entry.photos > 0).collect())
}

/// How many photos can be found in a space.
pub(crate) fn searchable(connection: &Connection, space: &Space) -> Result<u64> {
    let counts = total(connection, &[Tally::found_in_space(space.number)])?;
    Ok(counts.first().copied().unwrap_or(0))
}

/// Bytes of a space's points and their indexes on the server's disk.
pub(crate) fn bytes(connection: &Connection, space: &Space) -> Result<u64> {
    let mut params = Params::new();
    let table = params.text(table_of(space.number));
    let statement = format!(
        "select (pg_total_relation_size(t.whole) + coalesce((select sum(pg_total_relation_size(relid)) \
         from pg_partition_tree(t.whole) where relid <> t.whole), 0))::bigint \
         from (select {table}::text::regclass as whole) t"
    );
    let bytes: i64 = cell(&connection.row(&statement, &params)?, 0)?;
    Ok(u64::try_from(bytes).unwrap_or(0))
}
