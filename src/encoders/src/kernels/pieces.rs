//! How the rows and columns of a product are shared out among threads and tiles.

use std::ops::Range;

use rayon::prelude::*;

/// Rows of a chunk: about `most`, so that all of `threads` get equally many.
pub(super) fn chunk(rows: usize, most: usize, threads: usize) -> usize {
    let chunks = rows.div_ceil(most).next_multiple_of(threads);
    rows.div_ceil(chunks.max(1)).max(1)
}

/// `rows` rows as tiles of at most `tallest`, all about as tall: a tile of few rows would not keep
/// the registers busy.
#[inline(always)]
pub(super) fn tiles(rows: usize, tallest: usize) -> impl Iterator<Item = Range<usize>> {
    let count = rows.div_ceil(tallest);
    (0..count).map(move |tile| tile * rows / count..(tile + 1) * rows / count)
}

/// Part of an output: its first column, and its values row by row.
pub(super) type Part = (usize, Vec<f32>);

/// Computes the panels in as many parts as there are tasks, side by side.
pub(super) fn by_columns(
    panels: Range<usize>,
    tasks: usize,
    compute: impl Fn(Range<usize>) -> Part + Sync,
) -> Vec<Part> {
    let per_task = panels.len().div_ceil(tasks).max(1);
    let starts: Vec<usize> = panels.clone().step_by(per_task).collect();
    let one = |start: usize| compute(start..(start + per_task).min(panels.end));
    starts.into_par_iter().map(one).collect()
}

/// Copies the parts into the rows of `out`, which are `width` long.
pub(super) fn put_together(parts: Vec<Part>, out: &mut [f32], width: usize) {
    let rows = out.len() / width.max(1);
    for (first, part) in parts {
        let columns = part.len() / rows.max(1);
        for (out, part) in out.chunks_exact_mut(width).zip(part.chunks_exact(columns.max(1))) {
            out[first..first + columns].copy_from_slice(part);
        }
    }
}

/// Hands the rows of `out` to `finish` in as many pieces as there are tasks, side by side.
pub(super) fn finish(
    out: &mut [f32],
    width: usize,
    tasks: usize,
    finish: impl Fn(usize, &mut [f32]) + Sync,
) {
    let rows = (out.len() / width.max(1)).div_ceil(tasks).max(1);
    let pieces = out.par_chunks_mut((rows * width).max(1)).enumerate();
    pieces.for_each(|(number, out)| finish(number * rows, out));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threads_get_equally_many_chunks() {
        assert_eq!(chunk(400, 48, 2), 40);
        assert_eq!(chunk(50, 48, 2), 25);
        assert_eq!(chunk(1, 48, 2), 1);
        assert_eq!(chunk(0, 48, 2), 1);
    }

    #[test]
    fn tiles_are_about_as_tall() {
        assert_eq!(tiles(25, 12).collect::<Vec<_>>(), [0..8, 8..16, 16..25]);
        assert_eq!(tiles(13, 12).collect::<Vec<_>>(), [0..6, 6..13]);
        assert_eq!(tiles(0, 12).count(), 0);
    }

    #[test]
    fn parts_make_a_whole() {
        let mut out = vec![0.0; 6];
        put_together(vec![(0, vec![1.0, 4.0]), (1, vec![2.0, 3.0, 5.0, 6.0])], &mut out, 3);
        assert_eq!(out, [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
        finish(&mut out, 3, 2, |row, out| out[0] += row as f32 * 10.0);
        assert_eq!(out, [1.0, 2.0, 3.0, 14.0, 5.0, 6.0]);
    }
}
