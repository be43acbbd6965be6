//! One order of cosines and of what a classifier says.
//!
//! A name that the model's classes have is known better by its classifier than by its text tower.
//! Each photo's place goes by cosine + weight x sqrt(probability of the named classes); the weight is
//! the model's, and figures are in training/RESULTS.md.

use std::collections::{HashMap, HashSet};

use seer_store::ClassHit;
use seer_types::PhotoId;

use crate::named::Named;
use crate::{EngineError, Library};

/// Photos looked up by class, at the most: those beyond are less likely, and as near as others.
pub(crate) const MOST: usize = 400;

impl Library {
    /// How likely each photo shows what the query names: the likeliest, and the nearest.
    pub(crate) fn probabilities(
        &self,
        named: &Named,
        likeliest: &[ClassHit],
        near: &[(PhotoId, f32)],
    ) -> Result<HashMap<PhotoId, f32>, EngineError> {
        let mut found: HashMap<PhotoId, f32> =
            likeliest.iter().map(|hit| (hit.id, hit.probability)).collect();
        if likeliest.len() < MOST {
            return Ok(found);
        }
        let others: Vec<PhotoId> =
            near.iter().map(|(id, _)| *id).filter(|id| !found.contains_key(id)).collect();
        for record in self.store.photos(&others)?.into_iter().flatten() {
            let probability = seer_store::probability_among(&record.facts.classes, &named.classes);
            found.insert(record.id, probability);
        }
        Ok(found)
    }
}

/// `near` and `others` in one order, the best first; ties: better cosine, then id.
pub(crate) fn order(
    near: Vec<(PhotoId, f32)>,
    others: Vec<(PhotoId, f32)>,
    probabilities: &HashMap<PhotoId, f32>,
    weight: f32,
) -> Vec<(PhotoId, f32)> {
    let known: HashSet<PhotoId> = near.iter().map(|(id, _)| *id).collect();
    let others = others.into_iter().filter(|(id, _)| !known.contains(id));
    let place = |(id, cosine): (PhotoId, f32)| {
        let probability = probabilities.get(&id).copied().unwrap_or(0.0);
        (cosine + weight * probability.sqrt(), cosine, id)
    };
    let mut all: Vec<(f32, f32, PhotoId)> = near.into_iter().chain(others).map(place).collect();
    all.sort_by(|a, b| b.0.total_cmp(&a.0).then(b.1.total_cmp(&a.1)).then(a.2.cmp(&b.2)));
    all.into_iter().map(|(_, cosine, id)| (id, cosine)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn photo(number: u8) -> PhotoId {
        PhotoId([number; 32])
    }

    #[test]
    fn likely_photos_rise_by_the_root_of_their_probability() {
        let near = vec![(photo(1), 0.30), (photo(2), 0.25), (photo(3), 0.25)];
        let likely = HashMap::from([(photo(3), 0.04), (photo(9), 0.25), (photo(2), 0.0)]);
        let others = vec![(photo(9), -0.1), (photo(3), 0.25)];
        let order = order(near, others, &likely, 0.5);
        // 3: 0.25 + 0.1, 1: 0.3, 2: 0.25, 9: -0.1 + 0.25
        let ids: Vec<u8> = order.iter().map(|(id, _)| id.0[0]).collect();
        assert_eq!(ids, [3, 1, 2, 9]);
        assert_eq!(order[3].1, -0.1, "the score stays the cosine");
    }
}
