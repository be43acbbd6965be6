//! Writes points, and whether photos with points can be found.

use std::collections::{BTreeMap, BTreeSet};

use pgvector::HalfVector;
use seer_store::half_precision;
use seer_types::{Embedding, PhotoId};
use tokio_postgres::types::Type;

use super::draft::{Draft, Points};
use super::load::photo_id;
use super::tally::Tally;
use crate::connect::{Connection, Params, cell};
use crate::error::Result;
use crate::schema::points::table_of;
use crate::spaces::{self, Space};

pub(super) fn write(
    connection: &Connection,
    partitions: u32,
    draft: &Draft,
    tally: &mut Tally,
) -> Result<()> {
    follow_files(connection, draft, tally)?;
    let mut of_spaces: BTreeMap<i64, BTreeMap<PhotoId, &Points>> = BTreeMap::new();
    for ((model, id), points) in &draft.points {
        let number = match draft.spaces.get(model) {
            Some(space) => space.number,
            None => {
                let dim = draft.new_spaces.get(model).copied().unwrap_or_default();
                spaces::begin(connection, partitions, *model, dim)?
            }
        };
        of_spaces.entry(number).or_default().insert(*id, points);
    }
    for (number, photos) in of_spaces {
        replace(connection, number, &photos, draft, tally)?;
    }
    Ok(())
}

/// Photos that lost their last file leave all answers, and those that got one come into them.
fn follow_files(connection: &Connection, draft: &Draft, tally: &mut Tally) -> Result<()> {
    let mut turned: BTreeMap<bool, Vec<PhotoId>> = BTreeMap::new();
    for (id, entry) in &draft.photos {
        let (Some(before), Some(now)) = (&entry.before, &entry.now) else { continue };
        if before.files.is_empty() != now.files.is_empty() {
            turned.entry(!now.files.is_empty()).or_default().push(*id);
        }
    }
    if turned.is_empty() {
        return Ok(());
    }
    for Space { number, .. } in spaces::all(connection)?.0 {
        for (live, ids) in &turned {
            let mut params = Params::new();
            let ids = params.ids(ids);
            let statement = format!(
                "update {} set live = {live} where photo = any({ids}) and live <> {live} \
                 returning photo",
                table_of(number)
            );
            let photos = distinct(connection, &connection.rows(&statement, &params)?)?;
            let n = if *live { 1 } else { -1 };
            tally.add(&Tally::found_in_space(number), n * photos.len() as i64);
        }
    }
    Ok(())
}

fn distinct(connection: &Connection, rows: &[tokio_postgres::Row]) -> Result<BTreeSet<PhotoId>> {
    rows.iter().map(|row| photo_id(connection, cell(row, 0)?)).collect()
}

fn replace(
    connection: &Connection,
    number: i64,
    photos: &BTreeMap<PhotoId, &Points>,
    draft: &Draft,
    tally: &mut Tally,
) -> Result<()> {
    let table = table_of(number);
    let mut params = Params::new();
    let is_old = |id: &&PhotoId| draft.photos.get(id).is_some_and(|entry| entry.before.is_some());
    let old: Vec<&PhotoId> = photos.keys().filter(is_old).collect();
    let ids = params.ids(old.iter().copied());
    let statement = format!("delete from {table} where photo = any({ids}) returning photo");
    let before = if old.is_empty() { Vec::new() } else { connection.rows(&statement, &params)? };
    let before = distinct(connection, &before)?;
    let is_live = |id: &PhotoId| {
        let record = draft.photos.get(id).and_then(|entry| entry.now.as_ref());
        record.is_some_and(|record| !record.files.is_empty())
    };
    let new: Vec<&PhotoId> = photos.keys().filter(|id| !before.contains(*id)).collect();
    tally.add(&Tally::in_space(number), new.len() as i64);
    let found = new.iter().filter(|id| is_live(id)).count();
    tally.add(&Tally::found_in_space(number), found as i64);
    insert(connection, &table, photos, is_live)
}

fn insert(
    connection: &Connection,
    table: &str,
    photos: &BTreeMap<PhotoId, &Points>,
    is_live: impl Fn(&PhotoId) -> bool,
) -> Result<()> {
    let (mut ids, mut parts, mut live) = (Vec::new(), Vec::new(), Vec::new());
    let (mut scales, mut vectors) = (Vec::new(), Vec::new());
    for (id, points) in photos {
        for (part, embedding) in *points {
            let (vector, scale) = stored(embedding);
            ids.push(id.0.to_vec());
            parts.push(i64::from(part.0));
            live.push(is_live(id));
            scales.push(scale);
            vectors.push(vector);
        }
    }
    let mut params = Params::new();
    let (ids, parts) = (params.all_bytes(ids), params.ints(parts));
    let live = params.add(live, Type::BOOL_ARRAY);
    let (scales, vectors) = (params.add(scales, Type::FLOAT4_ARRAY), params.vectors(vectors));
    let statement = format!(
        "insert into {table} (photo, part, live, scale, v) \
         select * from unnest({ids}, {parts}, {live}, {scales}, {vectors})"
    );
    connection.rows(&statement, &params).map(drop)
}

/// The 16-bit numbers, and one over their length.
fn stored(embedding: &Embedding) -> (HalfVector, f32) {
    let numbers = half_precision(embedding);
    let squares: f64 = numbers.iter().map(|number| number.to_f64() * number.to_f64()).sum();
    (HalfVector::from(numbers), (1.0 / squares.sqrt()) as f32)
}
