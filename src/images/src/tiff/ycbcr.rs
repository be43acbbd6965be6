//! Luma samples with one of each colour difference in units (TIFF 6.0, section 21).

/// Spreads rows of units, of `across` x `down` luma samples and two differences, into pixels of three
/// samples, `width` to a row. Only whole rows of units are spread.
pub(super) fn spread(units: &[u8], width: usize, (across, down): (usize, usize)) -> Vec<u8> {
    let unit = across * down + 2;
    let row_bytes = width.div_ceil(across) * unit;
    let rows = units.len() / row_bytes.max(1);
    let mut out = vec![0; rows * down * width * 3];
    for (row, line) in units.chunks_exact(row_bytes.max(1)).enumerate() {
        for (column, unit) in line.chunks_exact(unit).enumerate() {
            let (luma, colour) = unit.split_at(across * down);
            for (i, y) in luma.iter().enumerate() {
                let x = column * across + i % across;
                let at = ((row * down + i / across) * width + x) * 3;
                if x < width {
                    out[at..at + 3].copy_from_slice(&[*y, colour[0], colour[1]]);
                }
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_become_pixels() {
        let units = [1, 2, 3, 4, 50, 60, 5, 9, 6, 9, 70, 80];
        let pixels = spread(&units, 3, (2, 2));
        let luma: Vec<u8> = pixels.iter().copied().step_by(3).collect();
        assert_eq!(luma, [1, 2, 5, 3, 4, 6]);
        assert_eq!(pixels[3..9], [2, 50, 60, 5, 70, 80]);
    }
}
