//! Texts with a learnt token at their end, as CoCa has them.

/// What the text tower runs over, `rows` places for each text.
#[derive(PartialEq, Eq, Debug)]
pub(super) struct Appended {
    /// Token ids, `[texts, rows]`.
    pub ids: Vec<u32>,
    /// Rows of the position embedding, `[texts, rows]`.
    pub positions: Vec<u32>,
    /// How many places each place sees, `[texts, rows]`.
    pub seen: Vec<usize>,
    /// The place of the learnt token in each text.
    pub places: Vec<usize>,
    /// Places of a text.
    pub rows: usize,
}

impl Appended {
    /// Follows open_clip's mask (`_build_additive_mask`), with which the published checkpoints were
    /// trained. It hides padding, but is one place late: place `p` is hidden where the id of place
    /// `p - 1` is padding, and the first place never is. So the first padding is seen, and the
    /// learnt token, which stands after the whole context, sees itself only where the text fills
    /// the context. A place that is hidden is hidden from all, so it is left out here, and what
    /// remains sees all places before it.
    ///
    /// `class_id`: the id that stands for the learnt token.
    pub fn new(texts: &[&[u32]], context_length: usize, pad_id: u32, class_id: u32) -> Self {
        let texts: Vec<_> = texts.iter().map(|ids| visible(ids, context_length, pad_id)).collect();
        let places: Vec<usize> = texts.iter().map(|(text, _)| text.len()).collect();
        let rows = places.iter().max().map_or(1, |place| place + 1);
        let mut all = Self { ids: vec![], positions: vec![], seen: vec![], places, rows };
        for (text, full) in texts {
            let last = [(class_id, context_length)];
            // Places after the learnt token are there only to make the rows equally long.
            let filled = text.iter().copied().chain(last.into_iter().cycle()).take(rows);
            for (place, (id, position)) in filled.enumerate() {
                all.ids.push(id);
                all.positions.push(u32::try_from(position).unwrap_or(u32::MAX));
                all.seen.push(if place < text.len() {
                    place + 1
                } else {
                    text.len() + usize::from(full)
                });
            }
        }
        all
    }
}

/// The ids that are not hidden, with their places, and whether the learnt token sees itself.
fn visible(ids: &[u32], context_length: usize, pad_id: u32) -> (Vec<(u32, usize)>, bool) {
    let id = |place: usize| ids.get(place).copied().unwrap_or(pad_id);
    let is_seen = |place: usize| place == 0 || id(place - 1) != pad_id;
    let text = (0..context_length).filter(|place| is_seen(*place));
    (text.map(|place| (id(place), place)).collect(), is_seen(context_length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_padding_is_seen_and_later_places_are_left_out() {
        let all = Appended::new(&[&[7, 8, 9], &[7, 0, 9]], 5, 0, 50);
        assert_eq!((all.rows, &all.places[..]), (5, &[4, 3][..]));
        assert_eq!(all.ids, [7, 8, 9, 0, 50, 7, 0, 0, 50, 50]);
        assert_eq!(all.positions, [0, 1, 2, 3, 5, 0, 1, 3, 5, 5]);
        assert_eq!(all.seen, [1, 2, 3, 4, 4, 1, 2, 3, 3, 3]);
    }

    #[test]
    fn in_a_full_context_the_learnt_token_sees_itself() {
        let all = Appended::new(&[&[7, 8, 9]], 3, 0, 50);
        assert_eq!((all.ids, all.positions), (vec![7, 8, 9, 50], vec![0, 1, 2, 3]));
        assert_eq!((all.seen, all.places), (vec![1, 2, 3, 4], vec![3]));
        let padded = Appended::new(&[&[7, 8, 0]], 3, 0, 50);
        assert_eq!(padded, Appended::new(&[&[7, 8]], 3, 0, 50));
        assert_eq!(padded.seen, [1, 2, 3, 3]);
    }
}
