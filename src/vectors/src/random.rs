//! Seeded numbers: the same on every machine and in every run.

/// SplitMix64 (Steele, Lea, Flood 2014): a counter and a mixing function.
pub struct Random(u64);

impl Random {
    /// The sequence that belongs to `seed`.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Any 64 bits.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From 0 to `end - 1`.
    pub fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    /// From -1 to 1.
    #[cfg(test)]
    pub fn signed(&mut self) -> f32 {
        (self.next() >> 40) as f32 / (1 << 23) as f32 - 1.0
    }
}

/// `count` unit vectors of `dim` numbers, row after row, in any direction.
#[cfg(test)]
pub fn unit_vectors(random: &mut Random, count: usize, dim: usize) -> Vec<f32> {
    let mut values = Vec::with_capacity(count * dim);
    for _ in 0..count {
        let vector: Vec<f32> = (0..dim).map(|_| random.signed()).collect();
        let length = vector.iter().map(|x| x * x).sum::<f32>().sqrt().max(1e-6);
        values.extend(vector.iter().map(|x| x / length));
    }
    values
}
