//! One order from two rankings: by meaning, and by literal words.
//!
//! Reciprocal rank fusion (Cormack, Clarke, Büttcher, SIGIR 2009): each ranking gives
//! `weight / (60 + place)`, places from 1. Meaning weighs 1; literal words weigh the square of the
//! share of the query that they cover, so that one word of three changes little.
//!
//! Names may say something else than photos show. A literal hit that meaning doubts counts as one of
//! a crowd: alone it rises as far as ever, many of them hardly. Figures: `training/RESULTS.md`.

use std::collections::{HashMap, HashSet};

use seer_types::PhotoId;

use crate::literal::Literal;

/// How flat the first places are; the paper's value.
const K: f32 = 60.0;
/// For how many others each other literal hit counts where meaning doubts one.
const CROWD: f32 = 20.0;
/// Beyond this place meaning says no more: the order of two pages must not depend on how far the
/// first one looked.
pub(crate) const DEPTH: usize = 200;

/// Orders `by_meaning` (best first) anew; `others` are literal hits beyond it, with their cosines, each
/// once. Of two literal hits of a photo the better one counts. `doubted`: photos that do not show what
/// was asked for where others do.
///
/// The order among photos without literal words stays as it is. Ties: better cosine, then id.
pub(crate) fn fuse(
    by_meaning: Vec<(PhotoId, f32)>,
    literal: &[Literal],
    others: Vec<(PhotoId, f32)>,
    doubted: &HashSet<PhotoId>,
) -> Vec<(PhotoId, f32)> {
    let mut of_photo: HashMap<PhotoId, f32> = HashMap::new();
    for literal in literal {
        let best = of_photo.entry(literal.id).or_default();
        *best = best.max(bonus(literal, doubted.contains(&literal.id)));
    }
    let of_place = |place: usize| 1.0 / (K + place as f32);
    let ranked =
        by_meaning.into_iter().enumerate().map(|(i, (id, cosine))| match of_photo.get(&id) {
            Some(bonus) => (of_place((i + 1).min(DEPTH + 1)) + bonus, id, cosine),
            None => (of_place(i + 1), id, cosine),
        });
    let beyond = others.into_iter().map(|(id, cosine)| {
        (of_place(DEPTH + 1) + of_photo.get(&id).copied().unwrap_or(0.0), id, cosine)
    });
    let mut all: Vec<(f32, PhotoId, f32)> = ranked.chain(beyond).collect();
    all.sort_by(|a, b| b.0.total_cmp(&a.0).then(b.2.total_cmp(&a.2)).then(a.1.cmp(&b.1)));
    all.into_iter().map(|(_, id, cosine)| (id, cosine)).collect()
}

fn bonus(literal: &Literal, doubted: bool) -> f32 {
    let others = (literal.place - 1) as f32;
    let place = 1.0 + if doubted { CROWD * others } else { others };
    literal.share * literal.share / (K + place)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn photo(number: u32) -> PhotoId {
        let mut id = [0; 32];
        id[..4].copy_from_slice(&number.to_be_bytes());
        PhotoId(id)
    }

    fn meaning(count: u32) -> Vec<(PhotoId, f32)> {
        (0..count).map(|row| (photo(row), 1.0 - row as f32 / 1000.0)).collect()
    }

    fn place_of(row: u32, order: &[(PhotoId, f32)]) -> usize {
        order.iter().position(|(r, _)| *r == photo(row)).unwrap() + 1
    }

    fn literal(row: u32, share: f32, place: usize) -> Literal {
        Literal { id: photo(row), share, place }
    }

    /// Without doubts.
    fn fuse(
        by_meaning: Vec<(PhotoId, f32)>,
        literal: &[Literal],
        others: Vec<(PhotoId, f32)>,
    ) -> Vec<(PhotoId, f32)> {
        super::fuse(by_meaning, literal, others, &HashSet::new())
    }

    #[test]
    fn without_literal_words_nothing_moves() {
        assert_eq!(fuse(meaning(300), &[], Vec::new()), meaning(300));
    }

    #[test]
    fn the_only_photo_with_all_words_comes_first_wherever_it_was() {
        let order = fuse(meaning(100), &[literal(60, 1.0, 1)], Vec::new());
        assert_eq!(place_of(60, &order), 1);
        let order = fuse(meaning(100), &[literal(999, 1.0, 1)], vec![(photo(999), -0.1)]);
        assert_eq!(place_of(999, &order), 1);
        assert_eq!(order[0].1, -0.1, "the score stays the cosine");
    }

    #[test]
    fn a_word_of_many_photos_or_of_many_words_moves_little() {
        // One of 500 photos of a folder: 1/(60+40) + 1/(60+500) = 0.0118, between 1/84 and 1/85.
        let order = fuse(meaning(100), &[literal(39, 1.0, 500)], Vec::new());
        assert_eq!(place_of(39, &order), 25);
        // One word of three: 1/100 + (1/9)/61 = 0.0118.
        let order = fuse(meaning(100), &[literal(39, 1.0 / 3.0, 1)], Vec::new());
        assert_eq!(place_of(39, &order), 25);
    }

    #[test]
    fn doubt_moves_a_crowd_and_not_one_photo() {
        let doubted: HashSet<PhotoId> = (60..80).map(photo).collect();
        let place = |count: u32| {
            let literal: Vec<Literal> =
                (60..60 + count).map(|row| literal(row, 1.0, count as usize)).collect();
            place_of(60, &super::fuse(meaning(100), &literal, Vec::new(), &doubted))
        };
        assert_eq!(place(1), 1);
        // 1/(60+61) + 1/(60+21) = 0.0206, above 1/61.
        assert_eq!(place(2), 1);
        // 1/121 + 1/(60+81) = 0.01536, between 1/65 and 1/66.
        assert_eq!(place(5), 6);
        // 1/121 + 1/(60+381) = 0.01053, between 1/94 and 1/95.
        assert_eq!(place(20), 35);
    }

    #[test]
    fn a_deeper_look_keeps_the_order() {
        let literal = [literal(40, 0.7, 3), literal(950, 0.7, 3)];
        let others = vec![(photo(950), 0.05)];
        let short = fuse(meaning(DEPTH as u32), &literal, others);
        let long = fuse(meaning(1000), &literal, Vec::new());
        assert_eq!(
            short[..150],
            long[..150]
                .iter()
                .map(|(row, cosine)| { (*row, if *row == photo(950) { 0.05 } else { *cosine }) })
                .collect::<Vec<_>>()[..]
        );
    }
}
