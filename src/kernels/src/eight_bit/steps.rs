//! Tiles in whole steps, for instructions that read a step of many rows at once.

use super::dot::{TALL, Tile};
use super::weight::Groups;
use super::{GROUP, STEP};

/// One step of one row.
pub(super) type RowStep = [[u8; GROUP]; STEP];

/// A tile that lies by step: 1 to [`TALL`] rows, at least one step, and the same number of steps in
/// every row and in the panel.
pub(super) struct Steps<'a> {
    rows: &'a [RowStep],
    panel: &'a [[Groups; STEP]],
}

impl<'a> Steps<'a> {
    /// A tile of `height` rows; `None` when it has no steps, whose sums are zero.
    ///
    /// # Panics
    /// When rows and panel are not whole steps, or not equally many: a bug in the caller.
    pub fn of(tile: Tile<'a>, height: usize) -> Option<Self> {
        assert!((1..=TALL).contains(&height), "a tile of {height} rows");
        let (rows, no_groups) = tile.groups.as_chunks();
        let (panel, no_weights) = tile.panel.as_chunks();
        let whole = no_groups.is_empty() && no_weights.is_empty();
        assert!(whole && rows.len() == panel.len() * height, "a tile of whole steps");
        (!panel.is_empty()).then_some(Self { rows, panel })
    }

    /// The first step of every row, then the next of every row, and so on.
    pub fn rows(&self) -> &'a [RowStep] {
        self.rows
    }

    /// The steps of the panel: at least one.
    pub fn panel(&self) -> &'a [[Groups; STEP]] {
        self.panel
    }
}

#[cfg(test)]
mod tests {
    use std::panic::catch_unwind;

    use super::*;
    use crate::eight_bit::WIDTH;

    const NOTHING: Groups = Groups([[0; GROUP]; WIDTH]);

    fn steps(groups: usize, panel: usize, height: usize) -> Option<(usize, usize)> {
        let (groups, panel) = (vec![[0; GROUP]; groups], vec![NOTHING; panel]);
        let steps = Steps::of(Tile { groups: &groups, panel: &panel }, height)?;
        Some((steps.rows().len(), steps.panel().len()))
    }

    #[test]
    fn a_tile_without_steps_is_none() {
        assert_eq!(steps(0, 0, 1), None);
        assert_eq!(steps(0, 0, 32), None);
        assert_eq!(steps(3 * 2 * STEP, 2 * STEP, 3), Some((6, 2)));
    }

    #[test]
    fn other_shapes_are_refused() {
        let refused =
            |groups, panel, height| catch_unwind(|| steps(groups, panel, height)).is_err();
        assert!(refused(0, 0, 0) && refused(33 * STEP, STEP, 33), "heights");
        assert!(refused(STEP - 1, STEP, 1) && refused(STEP, STEP - 1, 1), "parts of a step");
        assert!(refused(2 * STEP, STEP, 1) && refused(STEP, STEP, 2), "different numbers");
        assert!(refused(0, STEP, 1) && refused(STEP, 0, 1), "one of them empty");
    }
}
