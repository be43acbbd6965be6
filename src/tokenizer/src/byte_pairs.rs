//! Byte-pair encoding of one word (Sennrich et al., arXiv 1508.07909, as in CLIP: over bytes, with word ends).
//!
//! Written here rather than taken from `tokenizers`, which needs a tenth of a second to build its string tables for
//! CLIP's 49,408 tokens; the merges as pairs of ids are ready in a few milliseconds.

use std::collections::HashMap;

/// Merges of pairs of ids, and the ids that single bytes start from.
pub struct BytePairs {
    /// Pair to its rank (lower merges first) and to the id of the merged token.
    merges: HashMap<(u32, u32), Merge>,
    /// Id of each byte within a word.
    within: [u32; 256],
    /// Id of each byte at the end of a word.
    last: [u32; 256],
}

/// One row of the merge table.
#[derive(Clone, Copy)]
pub struct Merge {
    /// Position in the table.
    pub rank: u32,
    /// Id of the merged token.
    pub id: u32,
}

/// Rank of a pair that does not merge.
const NEVER: u32 = u32::MAX;

impl BytePairs {
    /// A table from its parts.
    pub fn new(merges: HashMap<(u32, u32), Merge>, within: [u32; 256], last: [u32; 256]) -> Self {
        Self { merges, within, last }
    }

    /// Appends the ids of a word. Repeatedly joins the neighbouring pair of the lowest rank, the first one
    /// where a pair occurs twice, until no pair is in the table.
    pub fn encode(&self, word: &str, ids: &mut Vec<u32>) {
        let Some((last, within)) = word.as_bytes().split_last() else { return };
        let mut tokens: Vec<u32> = within.iter().map(|b| self.within[usize::from(*b)]).collect();
        tokens.push(self.last[usize::from(*last)]);
        let mut ranks: Vec<u32> =
            tokens.windows(2).map(|pair| self.rank(pair[0], pair[1])).collect();
        while let Some(best) = ranks.iter().copied().min().filter(|rank| *rank != NEVER) {
            self.merge_all(best, &mut tokens, &mut ranks);
        }
        ids.append(&mut tokens);
    }

    /// Joins every pair of this rank from left to right, in one pass, and renews the ranks beside each join.
    fn merge_all(&self, rank: u32, tokens: &mut Vec<u32>, ranks: &mut Vec<u32>) {
        let (mut read, mut write) = (0, 0);
        let mut left_is_new = false;
        while read < tokens.len() {
            let is_pair = ranks.get(read) == Some(&rank);
            let joined =
                if is_pair { self.merges.get(&(tokens[read], tokens[read + 1])) } else { None };
            let token = joined.map_or(tokens[read], |merge| merge.id);
            if write > 0 {
                let unchanged = !left_is_new && joined.is_none();
                ranks[write - 1] =
                    if unchanged { ranks[read - 1] } else { self.rank(tokens[write - 1], token) };
            }
            tokens[write] = token;
            left_is_new = joined.is_some();
            read += if left_is_new { 2 } else { 1 };
            write += 1;
        }
        tokens.truncate(write);
        ranks.truncate(write.saturating_sub(1));
    }

    fn rank(&self, left: u32, right: u32) -> u32 {
        self.merges.get(&(left, right)).map_or(NEVER, |merge| merge.rank)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bytes are their own ids within a word, 256 more at its end; merges get ids from 512 on.
    fn table(merges: &[(u32, u32)]) -> BytePairs {
        let merges = merges
            .iter()
            .zip(0..)
            .map(|(pair, rank)| (*pair, Merge { rank, id: 512 + rank }))
            .collect();
        BytePairs::new(
            merges,
            std::array::from_fn(|b| b as u32),
            std::array::from_fn(|b| 256 + b as u32),
        )
    }

    fn encode(table: &BytePairs, word: &str) -> Vec<u32> {
        let mut ids = Vec::new();
        table.encode(word, &mut ids);
        ids
    }

    const A: u32 = b'a' as u32;
    const B: u32 = b'b' as u32;

    #[test]
    fn without_merges_a_word_is_its_bytes() {
        assert_eq!(encode(&table(&[]), "ab"), [A, 256 + B]);
        assert!(encode(&table(&[]), "").is_empty());
    }

    #[test]
    fn the_lowest_rank_merges_first() {
        // 512: ab, 513: bb</w>. "abb": ab has the lower rank, so bb</w> never forms.
        assert_eq!(encode(&table(&[(A, B), (B, 256 + B)]), "abb"), [512, 256 + B]);
        // The other way round bb</w> wins.
        assert_eq!(encode(&table(&[(B, 256 + B), (A, B)]), "abb"), [A, 512]);
    }

    #[test]
    fn merged_tokens_merge_on() {
        // 512: aa, 513: aa aa, 514: aaaa a</w>
        let t = table(&[(A, A), (512, 512), (513, 256 + A)]);
        assert_eq!(encode(&t, "aaaaa"), [514]);
        // Six: aa aa a a</w> -> 513 a a</w>, and nothing joins a and a</w>.
        assert_eq!(encode(&t, "aaaaaa"), [513, A, 256 + A]);
    }

    #[test]
    fn a_pair_that_overlaps_itself_joins_from_the_left() {
        assert_eq!(encode(&table(&[(A, A)]), "aaab"), [512, A, 256 + B]);
    }

    #[test]
    fn long_words_agree_with_one_join_at_a_time() {
        let t =
            table(&[(A, B), (B, A), (512, 512), (513, A), (514, 513), (A, 256 + A), (514, 514)]);
        for seed in 0..200u32 {
            let word: String = (0..40)
                .map(|i| {
                    if (seed.wrapping_mul(2_654_435_761) >> (i % 31)) & 1 == 0 { 'a' } else { 'b' }
                })
                .collect();
            assert_eq!(encode(&t, &word), one_at_a_time(&t, &word), "{word}");
        }
    }

    /// The definition, as slow as it reads.
    fn one_at_a_time(t: &BytePairs, word: &str) -> Vec<u32> {
        let bytes = word.as_bytes();
        let mut tokens: Vec<u32> = bytes.iter().map(|b| u32::from(*b)).collect();
        *tokens.last_mut().unwrap() += 256;
        loop {
            let ranked = tokens.windows(2).enumerate().map(|(i, p)| (t.rank(p[0], p[1]), i));
            match ranked.min() {
                Some((rank, i)) if rank != NEVER => {
                    tokens[i] = t.merges[&(tokens[i], tokens[i + 1])].id;
                    tokens.remove(i + 1);
                }
                _ => return tokens,
            }
        }
    }
}
