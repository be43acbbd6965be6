//! The order in which a block's coefficients are stored: from low to high frequencies.

/// Row by row, where each coefficient of the zigzag order lies in a block.
pub(super) const ZIGZAG: [u8; 64] = [
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20,
    13, 6, 7, 14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59,
    52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
];

/// The last place in zigzag order among the `across` x `down` lowest frequencies.
pub(super) fn last_place(across: usize, down: usize) -> usize {
    let is_low = |at: &u8| usize::from(at % 8) < across && usize::from(at / 8) < down;
    ZIGZAG.iter().rposition(is_low).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_place_covers_the_square() {
        assert_eq!(last_place(1, 1), 0);
        assert_eq!(last_place(2, 2), 4);
        assert_eq!(last_place(4, 4), 24);
        assert_eq!(last_place(8, 8), 63);
        assert_eq!(last_place(2, 1), 1);
        let mut sorted = ZIGZAG;
        sorted.sort_unstable();
        assert!(sorted.iter().enumerate().all(|(i, at)| usize::from(*at) == i));
    }
}
