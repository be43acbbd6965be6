//! Stores by themselves: preparing one, copying from one to another, reading all of one.

use std::path::Path;

use seer_embedded::EmbeddedStore;
use seer_postgres::PostgresStore;
use seer_store::{Copied, CopyStep, Store, Summary};

use crate::{EngineError, InitOptions, PostgresConfig};

/// Where a store is.
#[derive(Clone, Debug)]
pub enum StorePlace<'a> {
    /// In a folder of this machine.
    Folder(&'a Path),
    /// In a PostgreSQL.
    Postgres(PostgresConfig),
}

impl StorePlace<'_> {
    fn open(&self) -> Result<Box<dyn Store>, EngineError> {
        Ok(match self {
            Self::Folder(folder) => Box::new(EmbeddedStore::open(folder)?),
            Self::Postgres(config) => Box::new(PostgresStore::open(config)?),
        })
    }
}

/// Makes the tables of a library in a database; those that are there stay.
///
/// # Errors
/// `Store` with `Unreachable`, or `Refused` when the server lacks pgvector or the user lacks rights.
pub fn init_store(config: &PostgresConfig, options: InitOptions) -> Result<(), EngineError> {
    Ok(PostgresStore::init(config, options)?)
}

/// Makes `to` hold what `from` holds, and compares the two; see [`seer_store::copy`].
///
/// # Errors
/// Those of both stores.
pub fn copy_store(
    from: &StorePlace<'_>,
    to: &StorePlace<'_>,
    progress: &mut dyn FnMut(CopyStep),
) -> Result<Copied, EngineError> {
    let (from, to) = (from.open()?, to.open()?);
    Ok(seer_store::copy(&*from, &*to, progress)?)
}

/// Reads all of a store: what it holds, and in words what its counters say otherwise.
///
/// # Errors
/// Those of the store.
pub fn check_store(place: &StorePlace<'_>) -> Result<(Summary, Vec<String>), EngineError> {
    let store = place.open()?;
    let summary = seer_store::summary(&*store)?;
    let counts = store.counts()?;
    let pairs = [
        ("photos", summary.photos, counts.photos),
        ("files", summary.files, counts.files),
        ("failures", summary.failures, counts.failures),
    ];
    let wrong = pairs.into_iter().filter(|(_, found, counted)| found != counted);
    let told = wrong.map(|(what, found, counted)| {
        format!("{found} {what} are there and {counted} were counted")
    });
    Ok((summary, told.collect()))
}
