//! From the tables of older versions to those of this one.

use seer_types::PhotoRecord;

use super::tables;
use crate::apply::{damaged, derive_again, photo_id};
use crate::connect::{Connection, Params, cell};
use crate::error::Result;
use crate::value::decode_record;

/// Photos that are derived again at once.
const BATCH: usize = 1000;

/// Brings tables of version `from` up, step by step, in the connection's transaction.
pub(super) fn upgrade(connection: &Connection, from: i32, partitions: u32) -> Result<()> {
    if from < 2 {
        // The list of work says for which model; a run finds again what was on it.
        connection.batch(&format!("drop table todo; {}", tables::todo(partitions)))?;
    }
    if from < 3 {
        // Filled as photos are looked at again.
        connection.batch(
            "alter table photo add column classes text[] collate \"C\" not null default '{}', \
             add column levels bigint[] not null default '{}'; \
             create index photo_classes on photo using gin (classes)",
        )?;
    }
    if from < 4 {
        // What is about files is kept by file, and texts are folded by one rule.
        connection.batch(
            "alter table photo drop column extensions, drop column texts, \
             add column endings text collate \"C\" not null default '', \
             add column folders text collate \"C\" not null default '', \
             add column words text collate \"C\" not null default ''",
        )?;
    }
    if from < 5 {
        // name: the bytes of an album's name. album: our own bytes.
        connection.batch("create table album (name bytea primary key, album bytea not null)")?;
    }
    if from < 6 {
        // Partial dates, people, places, stars, and lines read in pictures.
        connection.batch(
            "alter table photo add column taken_end bigint, add column precision bigint, \
             add column rating bigint, \
             add column people text collate \"C\" not null default '', \
             add column places text collate \"C\" not null default '', \
             add column lines text collate \"C\" not null default ''; \
             create index photo_lines on photo (id) where lines <> ''; \
             alter table root add column excludes text[] collate \"C\" not null default '{}'",
        )?;
    }
    if from < 7 {
        connection.batch("create table setting (name bytea primary key, value bytea not null)")?;
    }
    if from < 8 {
        // What photos are counted by.
        connection.batch(
            "alter table photo add column facets text[] collate \"C\" not null default '{}'",
        )?;
        derive_all(connection)?;
    }
    if from < 4 {
        connection.batch(tables::WORDS_INDEX)?;
    }
    connection.batch(&format!("update library set version = {}", super::VERSION))
}

/// Writes again what all photos are found by, from their records.
fn derive_all(connection: &Connection) -> Result<()> {
    let mut after: Vec<u8> = Vec::new();
    loop {
        let mut params = Params::new();
        let from = params.bytes(after);
        let statement =
            format!("select id, record from photo where id > {from} order by id limit {BATCH}");
        let mut records: Vec<PhotoRecord> = Vec::with_capacity(BATCH);
        for row in connection.rows(&statement, &params)? {
            let id = photo_id(connection, cell(&row, 0)?)?;
            records.push(decode_record(id, cell(&row, 1)?).map_err(damaged(connection))?);
        }
        let Some(last) = records.last() else { return Ok(()) };
        after = last.id.0.to_vec();
        derive_again(connection, &records)?;
    }
}
