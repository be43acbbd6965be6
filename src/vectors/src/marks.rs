//! A bit per slot: quicker to ask than a compressed bitmap of rows, thousands of times per search.

/// Which slots are marked.
pub(crate) struct Marks(Vec<u64>);

impl Marks {
    /// None of `slots`.
    pub(crate) fn new(slots: usize) -> Self {
        Self(vec![0; slots.div_ceil(64)])
    }

    /// `slot` is below the number of slots.
    pub(crate) fn mark(&mut self, slot: usize) {
        self.0[slot / 64] |= 1 << (slot % 64);
    }

    /// Marks `slot`, which is below the number of slots; whether it was marked before.
    pub(crate) fn replace(&mut self, slot: usize) -> bool {
        let before = self.holds(slot as u32);
        self.mark(slot);
        before
    }

    pub(crate) fn holds(&self, slot: u32) -> bool {
        self.0.get(slot as usize / 64).is_some_and(|word| word >> (slot % 64) & 1 == 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_marked_is_held_and_nothing_else() {
        let mut marks = Marks::new(130);
        for slot in [0, 63, 64, 129] {
            marks.mark(slot);
        }
        let held: Vec<u32> = (0..300).filter(|slot| marks.holds(*slot)).collect();
        assert_eq!(held, [0, 63, 64, 129]);
        assert!(marks.replace(64) && !marks.replace(65) && marks.replace(65));
    }
}
