//! Random photos, filters, points and batches; the same ones for the same seed.

mod batches;
mod filters;
mod library;
mod points;
mod pools;
mod records;

pub use batches::random_batch;
pub(crate) use batches::{ANALYSES, PHOTOS, VERSIONS};
pub use filters::{LEAVES, random_filter, random_leaf};
pub(crate) use library::{DIM_A, DIM_B};
pub use library::{RandomLibrary, random_library};
pub use points::random_embedding;
pub(crate) use pools::CLASSES;
pub use records::random_record;

/// A source of numbers that repeat: a linear congruential generator.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// Starts from a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number from 0 to before `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }

    /// True so many times in a hundred.
    pub fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// One of these.
    pub fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len() as u64) as usize]
    }

    /// One of these, or none.
    pub fn some(&mut self, of: &[&str]) -> Option<String> {
        self.chance(70).then(|| self.pick(of).to_owned())
    }
}
