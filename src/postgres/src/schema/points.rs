//! A space's table of points.

use super::tables::table;

/// Rows up to this many bytes lie in the table itself, where they are read fast.
const IN_ONE_PAGE: usize = 7_900;

/// The most numbers that pgvector's type has room for.
pub(crate) const MOST_NUMBERS: usize = 16_000;

/// The name of the table of points of space `number`.
pub(crate) fn table_of(number: i64) -> String {
    format!("point_{number}")
}

/// The statements that make it. `live`: the photo has a file. `scale`: one over the length of `v`.
pub(crate) fn create(number: i64, dim: usize, partitions: u32) -> String {
    let name = table_of(number);
    let columns = format!(
        "photo bytea, part bigint, live boolean not null, scale real not null, \
         v halfvec({dim}) not null, primary key (photo, part)"
    );
    let mut statements = table(&name, &columns, "photo", partitions);
    if dim * 2 <= IN_ONE_PAGE {
        let storage =
            |name: &str| format!("alter table {name} alter column v set storage plain;\n");
        statements.push_str(&storage(&name));
        for part in 0..partitions.max(1) {
            if partitions > 1 {
                statements.push_str(&storage(&format!("{name}_part_{part}")));
            }
        }
    }
    statements
}
