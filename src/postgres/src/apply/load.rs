//! Reads and locks what a batch speaks of.

use std::collections::{BTreeMap, BTreeSet};

use seer_store::Change;
use seer_types::PhotoId;

use super::damaged;
use super::draft::{Draft, Entry, FileRow};
use super::path::{exact, key};
use crate::connect::{Connection, Params, cell};
use crate::error::Result;
use crate::spaces;
use crate::value::{decode_file, decode_record};

/// The state before the batch.
pub(super) fn load(connection: &Connection, batch: &[Change]) -> Result<Draft> {
    let (mut paths, mut ids) = (BTreeSet::new(), BTreeSet::new());
    let mut has_points = false;
    for change in batch {
        match change {
            Change::Photo { id, file, points, .. } => {
                has_points |= !points.is_empty();
                ids.insert(*id);
                paths.insert(exact(&file.path));
            }
            Change::Link { id, file } => {
                ids.insert(*id);
                paths.insert(exact(&file.path));
            }
            Change::Points { id, points } => {
                has_points |= !points.is_empty();
                ids.insert(*id);
            }
            Change::FirstSeen { id, .. }
            | Change::Told { id, .. }
            | Change::Analysed { id, .. } => {
                ids.insert(*id);
            }
            Change::Unlink { path } => {
                paths.insert(exact(path));
            }
            Change::Failed(failure) => {
                paths.insert(exact(&failure.path));
            }
        }
    }
    let files = files(connection, &paths)?;
    ids.extend(files.values().filter_map(|entry| entry.before.as_ref()?.photo));
    let photos = photos(connection, &ids)?;
    let spaces =
        if has_points { spaces::all(connection)? } else { spaces::Spaces::default() }.by_model();
    let (points, analyses, new_spaces) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    Ok(Draft { files, photos, points, analyses, spaces, new_spaces })
}

fn files(
    connection: &Connection,
    paths: &BTreeSet<Vec<u8>>,
) -> Result<BTreeMap<Vec<u8>, Entry<FileRow>>> {
    let mut found = BTreeMap::new();
    if paths.is_empty() {
        return Ok(found);
    }
    let mut params = Params::new();
    let keys = params.all_bytes(paths.iter().map(|path| key(path)).collect());
    let statement = format!(
        "select path, photo, state from file where key = any({keys}) order by key for update"
    );
    for row in connection.rows(&statement, &params)? {
        let state = decode_file(cell(&row, 2)?).map_err(damaged(connection))?;
        let photo: Option<&[u8]> = cell(&row, 1)?;
        let photo = photo.map(|id| photo_id(connection, id)).transpose()?;
        found.insert(cell(&row, 0)?, Entry::new(Some(FileRow { photo, state })));
    }
    Ok(found)
}

fn photos(
    connection: &Connection,
    ids: &BTreeSet<PhotoId>,
) -> Result<BTreeMap<PhotoId, Entry<seer_types::PhotoRecord>>> {
    let mut found = BTreeMap::new();
    if ids.is_empty() {
        return Ok(found);
    }
    let mut params = Params::new();
    let wanted = params.ids(ids);
    let statement =
        format!("select id, record from photo where id = any({wanted}) order by id for update");
    for row in connection.rows(&statement, &params)? {
        let id = photo_id(connection, cell(&row, 0)?)?;
        let record = decode_record(id, cell(&row, 1)?).map_err(damaged(connection))?;
        found.insert(id, Entry::new(Some(record)));
    }
    Ok(found)
}

/// An id as it is stored.
pub(crate) fn photo_id(connection: &Connection, bytes: &[u8]) -> Result<PhotoId> {
    let id = bytes.try_into().map(PhotoId);
    id.map_err(|_| connection.damaged("a photo whose id is not 32 bytes long"))
}
