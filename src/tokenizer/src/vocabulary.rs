//! CLIP's byte-pair vocabulary: from a checkpoint's `tokenizer.json`, or the published one that is built in.

use std::collections::HashMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{self, Deserializer, SeqAccess, Visitor};

use super::byte_pairs::{BytePairs, Merge};
use super::byte_symbols::byte_symbols;

/// The 48,894 merges of CLIP's vocabulary as pairs of little-endian u16 ids, best first
/// (written by `make_clip_vocabulary.py`; OpenAI's CLIP, MIT licence).
const MERGES: &[u8] = include_bytes!("clip-merges.bin");

/// Marks a symbol that ends a word.
const END_OF_WORD: &str = "</w>";

const START: &str = "<|startoftext|>";
const END: &str = "<|endoftext|>";

/// Ids of single bytes, within and at the end of a word.
const SINGLE_BYTES: usize = 512;

/// Ids of the published vocabulary: single bytes, merges, start and end token.
pub const CLIP_VOCABULARY: usize = SINGLE_BYTES + MERGES.len() / 4 + 2;

/// A byte-pair table with the two ids that frame a text.
pub struct ClipVocabulary {
    /// Cuts one word into tokens.
    pub pairs: BytePairs,
    /// Id before the first word.
    pub start: u32,
    /// Id after the last word.
    pub end: u32,
    /// Largest id that can occur.
    pub largest: u32,
}

/// The published vocabulary. With fewer than 49,408 ids, its best merges, start and end token last:
/// the way a smaller CLIP vocabulary is cut from it.
pub fn published(ids: usize) -> Result<ClipVocabulary, String> {
    if ids < SINGLE_BYTES + 2 {
        return Err(format!("a CLIP vocabulary has at least {} ids, not {ids}", SINGLE_BYTES + 2));
    }
    let merge_count = ids.min(CLIP_VOCABULARY) - SINGLE_BYTES - 2;
    let mut merges = HashMap::with_capacity(merge_count);
    for (pair, rank) in MERGES.as_chunks::<4>().0.iter().take(merge_count).zip(0..) {
        let (left, right) =
            (u16::from_le_bytes([pair[0], pair[1]]), u16::from_le_bytes([pair[2], pair[3]]));
        merges.insert((left.into(), right.into()), Merge { rank, id: SINGLE_BYTES as u32 + rank });
    }
    // Ids follow the bytes that print as themselves first, then the others: the order of their symbols.
    let symbols = byte_symbols();
    let within =
        symbols.map(|symbol| symbols.iter().filter(|other| **other < symbol).count() as u32);
    let last = within.map(|id| id + 256);
    let start = (SINGLE_BYTES + merge_count) as u32;
    Ok(ClipVocabulary {
        pairs: BytePairs::new(merges, within, last),
        start,
        end: start + 1,
        largest: start + 1,
    })
}

#[derive(Deserialize)]
struct TokenizerJson {
    model: Model,
    #[serde(default)]
    added_tokens: Vec<Added>,
}

#[derive(Deserialize)]
struct Model {
    #[serde(rename = "type")]
    kind: Option<String>,
    end_of_word_suffix: Option<String>,
    #[serde(default)]
    vocab: HashMap<String, u32>,
    #[serde(default)]
    merges: Vec<MergeText>,
}

/// A merge is written `"a b"` or `["a", "b"]`.
enum MergeText {
    Pair(String, String),
    Line(String),
}

/// By hand: an untagged enum would buffer each of the 48,894 values first.
impl<'de> Deserialize<'de> for MergeText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = MergeText;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a merge, \"a b\" or [\"a\", \"b\"]")
            }

            fn visit_str<E>(self, line: &str) -> Result<MergeText, E> {
                Ok(MergeText::Line(line.to_owned()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<MergeText, A::Error> {
                let (left, right) = (items.next_element()?, items.next_element()?);
                let (Some(left), Some(right), None) =
                    (left, right, items.next_element::<String>()?)
                else {
                    return Err(de::Error::custom("a merge has two parts"));
                };
                Ok(MergeText::Pair(left, right))
            }
        }
        deserializer.deserialize_any(Reader)
    }
}

#[derive(Deserialize)]
struct Added {
    id: u32,
    content: String,
}

/// The vocabulary of a CLIP `tokenizer.json`; its pre-tokenizer and normalizer are not used.
pub fn from_json(json: &[u8]) -> Result<ClipVocabulary, String> {
    let file: TokenizerJson = serde_json::from_slice(json)
        .map_err(|e| format!("not a tokenizer.json of CLIP's byte-pair kind: {e}"))?;
    match file.model.kind.as_deref() {
        // Older files do not name the kind.
        Some("BPE") | None => {}
        Some(other) => return Err(format!("its model is {other}, CLIP's is BPE")),
    }
    match file.model.end_of_word_suffix.as_deref() {
        Some(END_OF_WORD) => {}
        other => {
            return Err(format!("its end_of_word_suffix is {other:?}, CLIP's is {END_OF_WORD:?}"));
        }
    }
    let id = |token: &str| {
        let added = file.added_tokens.iter().find(|a| a.content == token).map(|a| a.id);
        added
            .or_else(|| file.model.vocab.get(token).copied())
            .ok_or_else(|| format!("it has no token {token:?}"))
    };
    let (start, end) = (id(START)?, id(END)?);
    let largest = file.model.vocab.values().copied().max().unwrap_or(0).max(start).max(end);
    Ok(ClipVocabulary { pairs: pairs(&file.model)?, start, end, largest })
}

fn pairs(model: &Model) -> Result<BytePairs, String> {
    let id = |symbol: &str| {
        model.vocab.get(symbol).copied().ok_or_else(|| format!("its vocabulary lacks {symbol:?}"))
    };
    let (mut within, mut last) = ([0; 256], [0; 256]);
    for (byte, symbol) in byte_symbols().iter().enumerate() {
        within[byte] = id(&symbol.to_string())?;
        last[byte] = id(&format!("{symbol}{END_OF_WORD}"))?;
    }
    let mut merges = HashMap::with_capacity(model.merges.len());
    let mut joined = String::new();
    for (merge, rank) in model.merges.iter().zip(0..) {
        let (left, right) = match merge {
            MergeText::Pair(left, right) => (left.as_str(), right.as_str()),
            MergeText::Line(line) => {
                line.split_once(' ').ok_or_else(|| format!("its merge {line:?} is not a pair"))?
            }
        };
        joined.clear();
        joined.push_str(left);
        joined.push_str(right);
        merges.entry((id(left)?, id(right)?)).or_insert(Merge { rank, id: id(&joined)? });
    }
    Ok(BytePairs::new(merges, within, last))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(vocabulary: &ClipVocabulary, word: &str) -> Vec<u32> {
        let mut ids = Vec::new();
        vocabulary.pairs.encode(word, &mut ids);
        ids
    }

    #[test]
    fn the_published_vocabulary_has_clips_ids() {
        let clip = published(CLIP_VOCABULARY).unwrap();
        assert_eq!(CLIP_VOCABULARY, 49_408);
        assert_eq!((clip.start, clip.end, clip.largest), (49_406, 49_407, 49_407));
        assert_eq!(ids(&clip, "photo"), [1125]);
        assert_eq!(ids(&clip, "!"), [256]);
        assert_eq!(ids(&clip, "a"), [320]);
    }

    #[test]
    fn a_cut_vocabulary_ends_in_start_and_end() {
        let tiny = published(1024).unwrap();
        assert_eq!((tiny.start, tiny.end), (1022, 1023));
        assert!(published(513).is_err());
    }

    #[test]
    fn a_foreign_json_is_refused_with_its_reason() {
        let reason = |json: &str| from_json(json.as_bytes()).err().expect("refused");
        assert!(reason("{}").contains("missing field `model`"));
        assert!(reason("[1]").contains("not a tokenizer.json"));
        assert!(
            reason(r#"{"model":{"type":"WordPiece","vocab":{"a":0}}}"#)
                .contains("its model is WordPiece")
        );
        assert!(
            reason(r#"{"model":{"type":"BPE","vocab":{"a":0},"merges":[]}}"#)
                .contains("end_of_word_suffix")
        );
        let no_end =
            r#"{"model":{"type":"BPE","end_of_word_suffix":"</w>","vocab":{"<|startoftext|>":0}}}"#;
        assert!(reason(no_end).contains("<|endoftext|>"));
        let no_bytes = no_end.replace(r#":0}"#, r#":0,"<|endoftext|>":1}"#);
        assert!(reason(&no_bytes).contains("lacks"));
        for merges in ["[[\"a\"]]", "[[\"a\",\"b\",\"c\"]]", "[7]"] {
            let odd = no_bytes.replace("}}", &format!("}},\"merges\":{merges}}}"));
            assert!(reason(&odd).contains("merge"), "{merges}");
        }
    }
}
