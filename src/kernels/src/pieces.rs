//! How the rows and columns of a product are shared out among threads and tiles.

use std::ops::Range;

use crate::team::share;

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

/// Cuts `0..count` into so many parts, or fewer, about as long.
pub(super) fn parts(count: usize, parts: usize) -> impl Iterator<Item = Range<usize>> {
    let parts = parts.min(count);
    (0..parts).map(move |part| part * count / parts..(part + 1) * count / parts)
}

/// Cuts all rows of `out`, which are `width` long, at the same columns: each part begins where the
/// one before ends, at one of `ends`, and has its piece of every row.
pub(super) fn by_columns<'a>(
    out: &'a mut [f32],
    width: usize,
    ends: &[usize],
) -> Vec<Vec<&'a mut [f32]>> {
    let rows = out.len() / width.max(1);
    let mut parts: Vec<_> = ends.iter().map(|_| Vec::with_capacity(rows)).collect();
    for mut rest in out.chunks_exact_mut(width.max(1)) {
        let mut start = 0;
        for (part, end) in parts.iter_mut().zip(ends) {
            let (piece, others) = rest.split_at_mut(end - start);
            part.push(piece);
            (rest, start) = (others, *end);
        }
    }
    parts
}

/// Cuts the panels of a weight into so many parts, or fewer, each with its columns of every row of
/// `out`, which are `width` long and begin with the output `origin`. `end` is one past a panel's last
/// output.
pub(super) fn by_panels(
    panels: Range<usize>,
    tasks: usize,
    origin: usize,
    end: impl Fn(usize) -> usize,
    out: &mut [f32],
    width: usize,
) -> impl Iterator<Item = (Range<usize>, Vec<&mut [f32]>)> + Send {
    let cut = |part: Range<usize>| panels.start + part.start..panels.start + part.end;
    let parts: Vec<Range<usize>> = parts(panels.len(), tasks).map(cut).collect();
    let ends: Vec<usize> = parts.iter().map(|part| end(part.end - 1) - origin).collect();
    parts.into_iter().zip(by_columns(out, width, &ends))
}

/// Hands the rows of `out` to `finish` in as many pieces as there are tasks, side by side.
pub(super) fn finish(
    out: &mut [f32],
    width: usize,
    tasks: usize,
    finish: impl Fn(usize, &mut [f32]) + Sync,
) {
    let rows = (out.len() / width.max(1)).div_ceil(tasks).max(1);
    let pieces = out.chunks_mut((rows * width).max(1)).enumerate();
    share(pieces, |(number, out)| finish(number * rows, out));
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
    fn parts_are_about_as_long() {
        assert_eq!(parts(7, 2).collect::<Vec<_>>(), [0..3, 3..7]);
        assert_eq!(parts(2, 5).collect::<Vec<_>>(), [0..1, 1..2]);
        assert_eq!(parts(0, 5).count(), 0);
    }

    #[test]
    fn columns_and_rows_are_cut() {
        let mut out = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
        let parts = by_columns(&mut out, 3, &[1, 3]);
        assert_eq!(parts, [[&[1.0][..], &[4.0]], [&[2.0, 3.0], &[5.0, 6.0]]]);
        finish(&mut out, 3, 2, |row, out| out[0] += row as f32 * 10.0);
        assert_eq!(out, [1.0, 2.0, 3.0, 14.0, 5.0, 6.0]);
        assert!(by_columns(&mut [], 3, &[1, 3]).iter().all(Vec::is_empty));
    }
}
