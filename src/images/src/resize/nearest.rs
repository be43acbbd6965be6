//! Nearest neighbour, with positions stepped as Pillow steps them.

use std::ops::Range;

use super::{Source, Target};

/// Picks input pixels; see [`super::resize`].
pub(super) fn resize(source: Source, target: &Target) -> Vec<u8> {
    let size = source.channels;
    let columns = positions(source.width, target.width, &target.columns);
    let rows = positions(source.height, target.height, &target.rows);
    let mut out = Vec::with_capacity(columns.len() * rows.len() * size);
    for y in rows {
        let row = &source.data[y * source.width as usize * size..];
        for x in &columns {
            out.extend_from_slice(&row[x * size..][..size]);
        }
    }
    out
}

/// The input position under the middle of each wanted output position.
///
/// The step is added up rather than multiplied: at exact halves the last bit decides.
fn positions(input: u32, output: u64, wanted: &Range<u64>) -> Vec<usize> {
    let step = f64::from(input) / output as f64;
    let mut at = step * 0.5;
    let mut found = Vec::with_capacity((wanted.end - wanted.start) as usize);
    for position in 0..wanted.end {
        if position >= wanted.start {
            found.push((at as usize).min(input as usize - 1));
        }
        at += step;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raster::Area;
    use crate::resize::View;

    #[test]
    fn picks_the_pixel_under_the_middle() {
        assert_eq!(positions(10, 4, &(0..4)), [1, 3, 6, 8]);
        assert_eq!(positions(2, 5, &(0..5)), [0, 0, 1, 1, 1]);
        assert_eq!(positions(10, 4, &(1..3)), [3, 6]);
    }

    #[test]
    fn pixels_stay_whole() {
        let data = *b"aAbBcCdD";
        let (view, area) = (View::Stored, Area::whole(2, 2));
        let source = Source { data: &data, width: 2, height: 2, channels: 2, view, area };
        assert_eq!(resize(source, &Target::whole(1, 2)), b"bBdD");
    }
}
