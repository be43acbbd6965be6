//! Everything there is, page by page: each page is asked for by the last key of the one before.

use pgvector::HalfVector;
use seer_store::{Part, Point, from_half_precision};
use seer_types::{ModelFingerprint, PhotoId, PhotoRecord};

use crate::apply::{damaged, photo_id};
use crate::connect::{Connection, Params, cell};
use crate::error::Result;
use crate::schema::points::table_of;
use crate::spaces::{self, Space};
use crate::value::decode_record;

/// Rows of a page.
const PAGE: i64 = 1000;

/// The next records by id; fewer than asked for only at the end.
pub(crate) fn photos_after(
    connection: &Connection,
    after: Option<PhotoId>,
) -> Result<Vec<PhotoRecord>> {
    let mut params = Params::new();
    let after = params.bytes(after.map_or(Vec::new(), |id| id.0.to_vec()));
    let statement =
        format!("select id, record from photo where id > {after} order by id limit {PAGE}");
    let rows = connection.rows(&statement, &params)?;
    let record = |row: &tokio_postgres::Row| {
        let id = photo_id(connection, cell(row, 0)?)?;
        decode_record(id, cell(row, 1)?).map_err(damaged(connection))
    };
    rows.iter().map(record).collect()
}

/// The next points by photo and part; none at the end, and of a space that is not there.
pub(crate) fn points_after(
    connection: &Connection,
    model: ModelFingerprint,
    after: Option<(PhotoId, Part)>,
) -> Result<Vec<(PhotoId, Point)>> {
    let Some(space) = spaces::find(connection, model)? else { return Ok(Vec::new()) };
    let mut params = Params::new();
    let (id, part) =
        after.map_or((Vec::new(), -1), |(id, part)| (id.0.to_vec(), i64::from(part.0)));
    let (id, part) = (params.bytes(id), params.int(part));
    let table = table_of(space.number);
    let statement = format!(
        "select photo, part, v from {table} where (photo, part) > ({id}, {part}) \
         order by photo, part limit {PAGE}"
    );
    points(connection, &space, &statement, &params)
}

/// A photo's points by part.
pub(crate) fn points_of(
    connection: &Connection,
    model: ModelFingerprint,
    id: PhotoId,
) -> Result<Vec<Point>> {
    let Some(space) = spaces::find(connection, model)? else { return Ok(Vec::new()) };
    let mut params = Params::new();
    let (id, table) = (params.bytes(id.0.to_vec()), table_of(space.number));
    let statement = format!("select photo, part, v from {table} where photo = {id} order by part");
    let points = points(connection, &space, &statement, &params)?;
    Ok(points.into_iter().map(|(_, point)| point).collect())
}

fn points(
    connection: &Connection,
    space: &Space,
    statement: &str,
    params: &Params,
) -> Result<Vec<(PhotoId, Point)>> {
    let rows = connection.rows(statement, params)?;
    let point = |row: &tokio_postgres::Row| {
        let id = photo_id(connection, cell(row, 0)?)?;
        let part = u32::try_from(cell::<i64>(row, 1)?);
        let part = Part(part.map_err(|_| connection.damaged("a part that is no number"))?);
        let vector: HalfVector = cell(row, 2)?;
        let embedding = from_half_precision(space.model, vector.as_slice());
        let embedding = embedding.map_err(|error| connection.damaged(error.to_string()))?;
        Ok((id, Point { part, embedding }))
    };
    rows.iter().map(point).collect()
}
