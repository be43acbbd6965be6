//! The vectors nearest to one centroid: their slots, and what is left of each after the centroid
//! is taken away, in one bit and in eight bits per number.

use crate::kernel::LANES;
use crate::part::Part;

use super::{bytes, signs};

/// Columns of equal length; place `n` of each belongs to the same vector.
#[derive(Default)]
pub(crate) struct List {
    pub(crate) slots: Part<u32>,
    /// Scale of each 8-bit code.
    pub(crate) scales: Part<f32>,
    /// Factor of each vector's signs, NaN up to the end of the last block.
    pub(crate) factors: Part<f32>,
    /// Blocks of [`LANES`] vectors.
    pub(crate) signs: Part<u64>,
    /// Row after row.
    pub(crate) codes: Part<u8>,
}

impl List {
    /// Vectors, dead ones included.
    pub(crate) fn len(&self) -> usize {
        self.slots.values().len()
    }

    pub(crate) fn slots(&self) -> &[u32] {
        self.slots.values()
    }

    pub(crate) fn scales(&self) -> &[f32] {
        self.scales.values()
    }

    pub(crate) fn factors(&self) -> &[f32] {
        self.factors.values()
    }

    pub(crate) fn signs(&self) -> &[u64] {
        self.signs.values()
    }

    pub(crate) fn codes(&self) -> &[u8] {
        self.codes.values()
    }

    /// Makes room for `more` vectors of `width` numbers.
    pub(crate) fn reserve(&mut self, more: usize, width: usize) {
        let padded = (self.len() + more).next_multiple_of(LANES) - self.factors().len();
        self.slots.reserve(more);
        self.scales.reserve(more);
        self.factors.reserve(padded);
        self.signs.reserve(padded * signs::words(width));
        self.codes.reserve(more * width);
    }

    /// Adds a vector by its difference from the centroid.
    pub(crate) fn push(&mut self, slot: u32, difference: &[f32]) {
        let scale = bytes::encode(difference, self.codes.to_mut());
        let lane = self.add_lane(signs::words(difference.len()));
        let place = self.len();
        signs::write(difference, &mut self.signs.to_mut()[lane..], place % LANES);
        self.factors.to_mut()[place] = signs::factor(difference);
        self.scales.to_mut().push(scale);
        self.slots.to_mut().push(slot);
    }

    /// Makes sure that the last block has a free lane; where that block's signs begin.
    fn add_lane(&mut self, words: usize) -> usize {
        let place = self.len();
        if place == self.factors().len() {
            self.reserve_block(words);
            let (factors, signs) = (self.factors.to_mut(), self.signs.to_mut());
            factors.resize(place + LANES, f32::NAN);
            signs.resize((place + LANES) * words, 0);
        }
        place / LANES * LANES * words
    }

    fn reserve_block(&mut self, words: usize) {
        self.factors.reserve(LANES);
        self.signs.reserve(LANES * words);
    }

    /// Gives every vector the slot that `slot` says, and drops those it says nothing for.
    pub(crate) fn renumber(&mut self, width: usize, slot: impl Fn(u32) -> Option<u32>) {
        let (old, words) = (std::mem::take(self), signs::words(width));
        let kept = |place: &usize| slot(old.slots()[*place]).is_some();
        self.reserve((0..old.len()).filter(kept).count(), width);
        for place in 0..old.len() {
            let Some(slot) = slot(old.slots()[place]) else { continue };
            let lane = self.add_lane(words);
            let new = self.len();
            let from = place / LANES * LANES * words + place % LANES;
            let signs = self.signs.to_mut();
            for word in 0..words {
                signs[lane + word * LANES + new % LANES] = old.signs()[from + word * LANES];
            }
            self.factors.to_mut()[new] = old.factors()[place];
            self.codes.to_mut().extend(&old.codes()[place * width..][..width]);
            self.scales.to_mut().push(old.scales()[place]);
            self.slots.to_mut().push(slot);
        }
    }

    /// Bytes in memory and in mapped files.
    pub(crate) fn bytes(&self) -> usize {
        self.slots.bytes()
            + self.scales.bytes()
            + self.factors.bytes()
            + self.signs.bytes()
            + self.codes.bytes()
    }

    /// Bytes of memory, beside mapped files.
    pub(crate) fn memory(&self) -> usize {
        self.slots.memory()
            + self.scales.memory()
            + self.factors.memory()
            + self.signs.memory()
            + self.codes.memory()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Random, unit_vectors};

    const WIDTH: usize = 128;

    fn filled(slots: impl IntoIterator<Item = u32>) -> List {
        let vectors = unit_vectors(&mut Random::new(4), 40, WIDTH);
        let mut list = List::default();
        for slot in slots {
            list.push(slot, &vectors[slot as usize * WIDTH..][..WIDTH]);
        }
        list
    }

    /// All numbers as bits: NaN is equal to itself.
    fn columns(list: &List) -> [Vec<u64>; 5] {
        let bits = |numbers: &[f32]| numbers.iter().map(|x| u64::from(x.to_bits())).collect();
        [
            list.slots().iter().map(|slot| u64::from(*slot)).collect(),
            bits(list.scales()),
            bits(list.factors()),
            list.signs().to_vec(),
            list.codes().iter().map(|code| u64::from(*code)).collect(),
        ]
    }

    #[test]
    fn columns_grow_together_and_end_in_a_whole_block() {
        let list = filled(0..11);
        assert_eq!((list.len(), list.codes().len()), (11, 11 * WIDTH));
        assert_eq!((list.factors().len(), list.signs().len()), (16, 16 * WIDTH / 64));
        assert!(list.factors()[..11].iter().all(|factor| *factor > 0.0));
        assert!(list.factors()[11..].iter().all(|factor| factor.is_nan()));
    }

    #[test]
    fn renumbering_is_like_never_having_added_the_rest() {
        let mut list = filled(0..37);
        list.renumber(WIDTH, |slot| (slot % 3 != 1).then_some(slot));
        assert_eq!(columns(&list), columns(&filled((0..37).filter(|slot| slot % 3 != 1))));
        list.renumber(WIDTH, |slot| Some(slot + 100));
        assert_eq!(list.slots()[..3], [100, 102, 103]);
        list.renumber(WIDTH, |_| None);
        assert_eq!((list.len(), list.signs().len()), (0, 0));
    }

    #[test]
    fn reserving_wastes_little() {
        let mut list = List::default();
        list.reserve(40, WIDTH);
        let before = list.memory();
        let vectors = unit_vectors(&mut Random::new(4), 40, WIDTH);
        for (slot, vector) in vectors.chunks(WIDTH).enumerate() {
            list.push(slot as u32, vector);
        }
        assert_eq!(list.memory(), before, "nothing had to grow");
        assert_eq!(before, 40 * (4 + 4 + 4 + WIDTH / 8 + WIDTH));
    }
}
