//! The products in plain Rust: for any processor, and the yardstick for the others.

pub(super) fn dot_rows(query: &[i8], codes: &[u8], sums: &mut [i32]) {
    for (row, sum) in codes.chunks_exact(query.len().max(1)).zip(sums) {
        *sum = dot(query, row);
    }
}

pub(super) fn dot_each(query: &[i8], codes: &[&[u8]], sums: &mut [i32]) {
    for (code, sum) in codes.iter().zip(sums) {
        *sum = dot(query, code);
    }
}

fn dot(query: &[i8], row: &[u8]) -> i32 {
    row.iter().zip(query).map(|(c, q)| i32::from(*c) * i32::from(*q)).sum()
}
