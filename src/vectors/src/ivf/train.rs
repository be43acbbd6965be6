//! Where the centroids lie: k-means on a sample.

use rayon::prelude::*;

use super::bytes::{self, ByteQuery};
use super::rotation::Rotation;
use crate::kernel::dot;
use crate::random::Random;
use crate::store::Store;

/// Vectors of the sample for each centroid.
const SAMPLES: usize = 32;

/// Rounds of Lloyd's algorithm; more change little.
const ROUNDS: usize = 6;

/// Seed of everything random here: the same vectors give the same centroids.
const SEED: u64 = 0x5eed;

/// Centroids, whole and in 8 bits.
pub(crate) struct Centroids {
    width: usize,
    /// Row after row.
    values: Vec<f32>,
    codes: Vec<u8>,
    scales: Vec<f32>,
    /// Half of each squared length.
    halves: Vec<f32>,
}

impl Centroids {
    /// `values`: rotated vectors of `width` numbers.
    pub(crate) fn new(values: Vec<f32>, width: usize) -> Self {
        let (mut codes, mut scales, mut halves) =
            (Vec::with_capacity(values.len()), Vec::new(), Vec::new());
        for centroid in values.chunks_exact(width) {
            scales.push(bytes::encode(centroid, &mut codes));
            halves.push(dot(centroid, centroid) / 2.0);
        }
        Self { width, values, codes, scales, halves }
    }

    pub(crate) fn len(&self) -> usize {
        self.scales.len()
    }

    pub(crate) fn values(&self) -> &[f32] {
        &self.values
    }

    pub(crate) fn centroid(&self, number: usize) -> &[f32] {
        &self.values[number * self.width..][..self.width]
    }

    /// The scale of a centroid's code, and its length.
    pub(crate) fn size(&self, number: usize) -> (f32, f32) {
        (self.scales[number], (2.0 * self.halves[number]).sqrt())
    }

    /// About the product of `query` with every centroid, by number, into `products`.
    pub(crate) fn products(&self, query: &ByteQuery, sums: &mut Vec<i32>, products: &mut Vec<f32>) {
        sums.clear();
        sums.resize(self.len(), 0);
        query.sums(&self.codes, sums);
        products.clear();
        let both = sums.iter().zip(&self.scales);
        products.extend(both.map(|(sum, scale)| query.product(*sum, *scale)));
    }

    /// The centroid with the least distance from the vector that `query` stands for, as far as
    /// 8 bits tell.
    pub(crate) fn nearest(&self, query: &ByteQuery, scratch: &mut Scratch) -> usize {
        self.products(query, &mut scratch.sums, &mut scratch.products);
        let closeness = scratch.products.iter().zip(&self.halves).map(|(p, half)| p - half);
        let mut best = (f32::NEG_INFINITY, 0);
        for (number, closeness) in closeness.enumerate() {
            if closeness > best.0 {
                best = (closeness, number);
            }
        }
        best.1
    }

    pub(crate) fn memory(&self) -> usize {
        4 * (self.values.len() + 2 * self.len()) + self.codes.len()
    }
}

/// Room for [`Centroids::nearest`].
#[derive(Default)]
pub(crate) struct Scratch {
    sums: Vec<i32>,
    products: Vec<f32>,
}

/// Centroids of about the vectors in `store`: `lists` of them, or fewer when there are fewer
/// vectors. On all threads of rayon; the outcome does not depend on how many.
pub(crate) fn train(store: &Store, rotation: &Rotation, lists: usize) -> Centroids {
    let width = rotation.padded();
    let slots = sample(store, lists.saturating_mul(SAMPLES));
    let lists = lists.min(slots.len()).max(1);
    let queries: Vec<ByteQuery> = slots
        .par_iter()
        .map_init(
            || vec![0.0; width],
            |rotated, slot| {
                rotation.apply(&store.unit_vector(*slot), rotated);
                ByteQuery::new(rotated)
            },
        )
        .collect();
    let mut values = vec![0.0; lists * width];
    // The sample is in random order, so its first vectors are a random choice.
    for (slot, centroid) in slots.iter().zip(values.chunks_exact_mut(width)) {
        rotation.apply(&store.unit_vector(*slot), centroid);
    }
    let mut centroids = Centroids::new(values, width);
    let mut random = Random::new(SEED);
    for _ in 0..ROUNDS {
        let nearest: Vec<usize> = queries
            .par_iter()
            .map_init(Scratch::default, |scratch, query| centroids.nearest(query, scratch))
            .collect();
        centroids = Centroids::new(means(&queries, &nearest, lists, width, &mut random), width);
    }
    centroids
}

/// Up to `most` live slots, in random order.
fn sample(store: &Store, most: usize) -> Vec<usize> {
    let mut slots: Vec<usize> =
        (0..store.slot_count()).filter(|slot| store.row(*slot).is_some()).collect();
    let mut random = Random::new(SEED);
    let count = most.min(slots.len());
    for place in 0..count {
        let other = place + random.below(slots.len() - place);
        slots.swap(place, other);
    }
    slots.truncate(count);
    slots
}

/// The mean of each centroid's vectors; a random vector where there are none.
fn means(
    queries: &[ByteQuery],
    nearest: &[usize],
    lists: usize,
    width: usize,
    random: &mut Random,
) -> Vec<f32> {
    let mut sums = vec![0.0; lists * width];
    let mut counts = vec![0u32; lists];
    for (query, number) in queries.iter().zip(nearest) {
        query.add_to(&mut sums[number * width..][..width]);
        counts[*number] += 1;
    }
    for (sum, count) in sums.chunks_exact_mut(width).zip(counts) {
        if count == 0 && !queries.is_empty() {
            queries[random.below(queries.len())].add_to(sum);
        }
        let inverse = (count.max(1) as f32).recip();
        sum.iter_mut().for_each(|value| *value *= inverse);
    }
    sums
}

#[cfg(test)]
mod tests {
    use seer_types::RowId;

    use super::*;
    use crate::random::unit_vectors;
    use crate::store::SEGMENT_ROWS;

    const DIM: usize = 24;

    /// Vectors in turn close to the first three unit directions.
    fn three_topics() -> Store {
        let mut store = Store::new(DIM, SEGMENT_ROWS);
        let noise = unit_vectors(&mut Random::new(6), 600, DIM);
        for (row, noise) in noise.chunks(DIM).enumerate() {
            let mut vector: Vec<f32> = noise.iter().map(|x| 0.1 * x).collect();
            vector[row % 3] += 1.0;
            let length = dot(&vector, &vector).sqrt();
            vector.iter_mut().for_each(|x| *x /= length);
            store.push(RowId(row as u32), &vector);
        }
        store
    }

    #[test]
    fn vectors_of_one_topic_share_centroids_with_no_other() {
        let (store, rotation) = (three_topics(), Rotation::new(DIM));
        let centroids = train(&store, &rotation, 12);
        assert_eq!(centroids.len(), 12);
        let mut topic_of = [None; 12];
        let (mut rotated, mut scratch) = (vec![0.0; rotation.padded()], Scratch::default());
        for slot in 0..600 {
            rotation.apply(&store.unit_vector(slot), &mut rotated);
            let number = centroids.nearest(&ByteQuery::new(&rotated), &mut scratch);
            let topic = *topic_of[number].get_or_insert(slot % 3);
            assert_eq!(topic, slot % 3, "centroid {number}");
        }
    }

    #[test]
    fn the_same_vectors_give_the_same_centroids() {
        let (store, rotation) = (three_topics(), Rotation::new(DIM));
        let centroids = || train(&store, &rotation, 9).values().to_vec();
        assert_eq!(centroids(), centroids());
    }

    #[test]
    fn there_are_no_more_centroids_than_vectors() {
        let mut store = Store::new(2, SEGMENT_ROWS);
        let rotation = Rotation::new(2);
        assert_eq!(train(&store, &rotation, 5).len(), 1, "none at all");
        store.push(RowId(1), &[1.0, 0.0]);
        store.push(RowId(2), &[0.0, 1.0]);
        store.push(RowId(2), &[0.6, 0.8]);
        let centroids = train(&store, &rotation, 5);
        assert_eq!(centroids.len(), 2, "the dead one is not used");
        assert!((dot(centroids.centroid(0), centroids.centroid(1)).abs() - 0.6).abs() < 0.02);
    }
}
