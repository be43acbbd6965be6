//! The products with AVX-512 VNNI and with AVX2.

use std::arch::is_x86_feature_detected;
use std::arch::x86_64::*;

use super::Products;

/// What this processor (and operating system) supports, fastest first.
pub(super) fn available() -> Vec<(&'static str, Products)> {
    let mut found = Vec::new();
    if is_x86_feature_detected!("avx512f")
        && is_x86_feature_detected!("avx512bw")
        && is_x86_feature_detected!("avx512vnni")
    {
        let vnni = Products {
            // SAFETY: all three features were just detected.
            rows: |q, c, s| unsafe { rows_vnni(q, c, s) },
            // SAFETY: as above.
            each: |q, c, s| unsafe { each_vnni(q, c, s) },
        };
        found.push(("avx512vnni", vnni));
    }
    if is_x86_feature_detected!("avx2") {
        let avx2 = Products {
            // SAFETY: the feature was just detected.
            rows: |q, c, s| unsafe { rows_avx2(q, c, s) },
            // SAFETY: as above.
            each: |q, c, s| unsafe { each_avx2(q, c, s) },
        };
        found.push(("avx2", avx2));
    }
    found
}

/// Four rows at a time share the loads of the query and hide the latency of the dot product.
#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
fn rows_vnni(query: &[i8], codes: &[u8], sums: &mut [i32]) {
    let width = query.len().max(1);
    let rows = sums.len().min(codes.len() / width);
    let mut row = 0;
    while row + 4 <= rows {
        let four: [&[u8]; 4] = std::array::from_fn(|n| &codes[(row + n) * width..][..width]);
        sums[row..row + 4].copy_from_slice(&together_vnni(query, four));
        row += 4;
    }
    for row in row..rows {
        [sums[row]] = together_vnni(query, [&codes[row * width..][..width]]);
    }
}

#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
fn each_vnni(query: &[i8], codes: &[&[u8]], sums: &mut [i32]) {
    let count = codes.len().min(sums.len());
    let (fours, rest) = codes[..count].as_chunks::<4>();
    let (sums_of_fours, sums_of_rest) = sums[..count].as_chunks_mut::<4>();
    for (four, sums) in fours.iter().zip(sums_of_fours) {
        let whole = four.iter().all(|code| code.len() >= query.len());
        // Rows that go together are cut to the shortest of them.
        *sums = if whole {
            together_vnni(query, *four)
        } else {
            four.map(|code| together_vnni(query, [code])[0])
        };
    }
    for (code, sum) in rest.iter().zip(sums_of_rest) {
        [*sum] = together_vnni(query, [code]);
    }
}

/// Asks for the cache lines of `values`.
#[inline]
pub(super) fn fetch<T>(values: &[T]) {
    for offset in (0..size_of_val(values)).step_by(64) {
        let line = values.as_ptr().wrapping_byte_add(offset);
        // SAFETY: every x86-64 processor has SSE; prefetching reads nothing.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(line.cast()) };
    }
}

/// `N` rows; what is longer than the shortest of them and the query is cut.
#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
#[inline]
fn together_vnni<const N: usize>(query: &[i8], rows: [&[u8]; N]) -> [i32; N] {
    let width = rows.iter().fold(query.len(), |width, row| width.min(row.len()));
    let mut sums = [_mm512_setzero_si512(); N];
    let mut at = 0;
    while at < width {
        let mask = u64::MAX >> (64 - (width - at).min(64));
        // SAFETY: the mask keeps the load to `width` bytes, and no slice is shorter.
        let q = unsafe { _mm512_maskz_loadu_epi8(mask, query.as_ptr().add(at)) };
        for (sum, row) in sums.iter_mut().zip(rows) {
            // SAFETY: as above.
            let c = unsafe { _mm512_maskz_loadu_epi8(mask, row.as_ptr().add(at).cast()) };
            *sum = _mm512_dpbusd_epi32(*sum, c, q);
        }
        at += 64;
    }
    sums.map(|sum| _mm512_reduce_add_epi32(sum))
}

#[target_feature(enable = "avx2")]
fn rows_avx2(query: &[i8], codes: &[u8], sums: &mut [i32]) {
    for (row, sum) in codes.chunks_exact(query.len().max(1)).zip(sums) {
        *sum = dot_avx2(query, row);
    }
}

#[target_feature(enable = "avx2")]
fn each_avx2(query: &[i8], codes: &[&[u8]], sums: &mut [i32]) {
    for (code, sum) in codes.iter().zip(sums) {
        *sum = dot_avx2(query, code);
    }
}

/// Bytes are widened to 16 bits first: the 8-bit instruction saturates.
#[target_feature(enable = "avx2")]
#[inline]
fn dot_avx2(query: &[i8], row: &[u8]) -> i32 {
    let width = query.len().min(row.len());
    let (q_blocks, q_rest) = query[..width].as_chunks::<16>();
    let (c_blocks, c_rest) = row[..width].as_chunks::<16>();
    let mut eight = _mm256_setzero_si256();
    for (q, c) in q_blocks.iter().zip(c_blocks) {
        let (q, c) = (_mm256_cvtepi8_epi16(load(q)), _mm256_cvtepu8_epi16(load(c)));
        eight = _mm256_add_epi32(eight, _mm256_madd_epi16(c, q));
    }
    let four = _mm_add_epi32(_mm256_castsi256_si128(eight), _mm256_extracti128_si256(eight, 1));
    let two = _mm_add_epi32(four, _mm_shuffle_epi32(four, 0b0100_1110));
    let one = _mm_add_epi32(two, _mm_shuffle_epi32(two, 0b1011_0001));
    let rest = c_rest.iter().zip(q_rest).map(|(c, q)| i32::from(*c) * i32::from(*q));
    _mm_cvtsi128_si32(one) + rest.sum::<i32>()
}

/// Sixteen bytes, signed or not.
#[target_feature(enable = "avx2")]
#[inline]
fn load<T: Byte>(bytes: &[T; 16]) -> __m128i {
    // SAFETY: the array is the sixteen bytes that are read, and any address will do.
    unsafe { _mm_loadu_si128(bytes.as_ptr().cast()) }
}

/// A type of one byte.
trait Byte {}
impl Byte for i8 {}
impl Byte for u8 {}
