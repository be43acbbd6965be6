//! The indexes of vectors: which one, how large, and building it.

use seer_types::IndexKind;

use crate::ask::allow::FEW;
use crate::connect::{Connection, Params, cell};
use crate::error::{PostgresError, Result};
use crate::schema::lock::Lock;
use crate::schema::points::table_of;
use crate::spaces::{self, Space};

/// Numbers of the longest vector that pgvector indexes.
const MOST_INDEXED: usize = 4000;
/// The most that pgvector's graph may look at for one answer.
const MOST_OF_GRAPH: usize = 1000;
/// An index of lists is built anew when there are so many times the points it was built for.
const GROWN: u64 = 4;

/// Below so many lists a larger share of them is read: what each holds differs more.
const MANY_LISTS: u64 = 512;

/// How many lists are read for an answer. Texts lie off the cone of pictures, so that their nearest
/// pictures are spread over many lists: 45 of 100 of them hold more than 99 of 100. Of few photos all
/// are read.
pub(crate) fn probes(space: &Space, photos: u64) -> u64 {
    let wanted = match space.lists {
        lists if photos <= FEW as u64 => lists,
        lists if lists < MANY_LISTS => lists.div_ceil(2),
        lists => (lists * 9).div_ceil(20),
    };
    wanted.max(1)
}

/// How much of the graph is looked at for so many points; `None` when it cannot give them.
pub(crate) fn most_of_graph(wanted: usize) -> Option<usize> {
    (wanted <= MOST_OF_GRAPH / 2).then_some(MOST_OF_GRAPH)
}

/// Lists of a table with so many points. More and smaller lists find more with the same reading,
/// and take longer to build: at 100,000 real vectors 40 of 100 of 474 lists find 0.993 of the ten
/// nearest, of 632 lists 0.996 to 0.998, and of 948 lists 0.9985 after twice the time of building.
fn lists_for(points: u64) -> u64 {
    (2 * points.isqrt()).clamp(1, 32_768)
}

/// The index that a space shall have with so many points.
fn wanted(space: &Space, points: u64) -> IndexKind {
    match space.kind {
        _ if space.dim > MOST_INDEXED => IndexKind::Exact,
        IndexKind::Auto if points <= FEW as u64 => IndexKind::Exact,
        IndexKind::Auto => IndexKind::Lists,
        kind => kind,
    }
}

/// Builds the index that a space shall have, where it has not. Writers and questions go on
/// meanwhile. Run outside a transaction, on a connection without limits of time.
pub(crate) fn follow(connection: &Connection, number: i64, partitions: u32) -> Result<()> {
    let lock = Lock::Index.number(u32::try_from(number).unwrap_or(0));
    let mut params = Params::new();
    let lock = params.int(lock);
    let locked = connection.row(&format!("select pg_try_advisory_lock({lock})"), &params)?;
    // Somebody else is at it.
    if !cell::<bool>(&locked, 0)? {
        return Ok(());
    }
    let done = build(connection, number, partitions);
    connection.rows(&format!("select pg_advisory_unlock({lock})"), &params)?;
    done
}

fn build(connection: &Connection, number: i64, partitions: u32) -> Result<()> {
    let spaces = spaces::all(connection)?;
    let Some(space) = spaces.0.into_iter().find(|space| space.number == number) else {
        return Ok(());
    };
    let table = table_of(number);
    let count = format!("select count(*) from {table}");
    let count: i64 = cell(&connection.row(&count, &Params::new())?, 0)?;
    let points = u64::try_from(count).unwrap_or(0);
    let kind = wanted(&space, points);
    let outgrown = kind == IndexKind::Lists && points > space.built_rows.saturating_mul(GROWN);
    if kind == space.built && !outgrown {
        return Ok(());
    }
    let parts: Vec<String> = match partitions {
        0 | 1 => vec![table],
        _ => (0..partitions).map(|part| format!("{table}_part_{part}")).collect(),
    };
    let lists = lists_for(points / parts.len() as u64);
    let using = match kind {
        IndexKind::Lists => {
            Some(format!("ivfflat (v halfvec_cosine_ops) with (lists = {lists}) where live"))
        }
        IndexKind::Hnsw => Some(
            "hnsw (v halfvec_cosine_ops) with (m = 16, ef_construction = 100) where live".into(),
        ),
        IndexKind::Auto | IndexKind::Exact => None,
    };
    for part in &parts {
        replace(connection, part, using.as_deref())?;
    }
    note(connection, number, kind, points, lists)
}

/// Puts a new index in the place of the one that stands. Until it stands the old one answers.
fn replace(connection: &Connection, part: &str, using: Option<&str>) -> Result<()> {
    let (standing, coming) = (format!("{part}_near"), format!("{part}_coming"));
    // What an interrupted building left behind is no index.
    connection.batch(&format!("drop index concurrently if exists {coming}"))?;
    if let Some(using) = using {
        connection.batch("set maintenance_work_mem = '256MB'")?;
        connection
            .batch(&format!("create index concurrently {coming} on {part} using {using}"))
            .map_err(|error| explained(error, part))?;
    }
    connection.batch(&format!("drop index concurrently if exists {standing}"))?;
    match using {
        Some(_) => connection.batch(&format!("alter index {coming} rename to {standing}")),
        None => Ok(()),
    }
}

fn explained(error: PostgresError, part: &str) -> PostgresError {
    match error {
        PostgresError::Server { place, reason, .. } => PostgresError::Server {
            place,
            reason: format!("the index of {part} cannot be built: {reason}"),
            bug: false,
        },
        other => other,
    }
}

fn note(
    connection: &Connection,
    number: i64,
    kind: IndexKind,
    points: u64,
    lists: u64,
) -> Result<()> {
    let mut params = Params::new();
    let built = Some(kind.name().to_owned()).filter(|_| kind != IndexKind::Exact);
    let built = params.add(built, tokio_postgres::types::Type::TEXT);
    let points = params.int(i64::try_from(points).unwrap_or(i64::MAX));
    let lists = params.int(i64::try_from(lists).unwrap_or(i64::MAX));
    let number = params.int(number);
    let statement = format!(
        "update space set built = {built}, built_rows = {points}, lists = {lists} \
         where number = {number}"
    );
    connection.rows(&statement, &params).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_grow_with_the_root_of_the_points() {
        assert_eq!([0, 1, 100_000, 1_000_000].map(lists_for), [1, 2, 632, 2000]);
        assert_eq!((most_of_graph(100), most_of_graph(600)), (Some(1000), None));
    }
}
