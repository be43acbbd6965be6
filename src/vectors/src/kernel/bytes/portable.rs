//! The products in plain Rust: for any processor, and the yardstick for the others.

pub(super) fn dot_rows(query: &[i8], codes: &[u8], sums: &mut [i32]) {
    for (row, sum) in codes.chunks_exact(query.len().max(1)).zip(sums) {
        *sum = row.iter().zip(query).map(|(c, q)| i32::from(*c) * i32::from(*q)).sum();
    }
}
