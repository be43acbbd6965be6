//! CLIP's text to ids: words by CLIP's pattern, each word by byte pairs, framed by start and end token.

use regex::Regex;

use super::clean::Cleaning;
use super::vocabulary::ClipVocabulary;

/// A contraction, a run of letters, one digit, or a run of anything else that is not white space.
/// Only the contractions ignore case; folding the large classes would cost most of the load time.
const WORD: &str = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|\p{L}+|\p{N}|[^\s\p{L}\p{N}]+";

/// OpenCLIP's own names of the two special tokens, which it does take from the text.
const OPENCLIP_SPECIAL: &str = "(?i:<start_of_text>|<end_of_text>)|";

/// CLIP's tokenizer.
pub struct ClipTokenizer {
    vocabulary: ClipVocabulary,
    cleaning: Cleaning,
    word: Regex,
    context_length: usize,
}

impl ClipTokenizer {
    /// `context_length` counts the start and the end token and is at least 3.
    pub fn new(
        vocabulary: ClipVocabulary,
        cleaning: Cleaning,
        context_length: usize,
    ) -> Result<Self, String> {
        let special = if cleaning == Cleaning::OpenClip { OPENCLIP_SPECIAL } else { "" };
        let word = Regex::new(&format!("{special}{WORD}")).map_err(|e| e.to_string())?;
        Ok(Self { vocabulary, cleaning, word, context_length })
    }

    /// Start token, tokens, end token: at most `context_length` ids, the end token always last.
    pub fn encode(&self, text: &str) -> Vec<u32> {
        let text = self.cleaning.apply(text);
        let room = self.context_length - 1;
        let mut ids = vec![self.vocabulary.start];
        for word in self.word.find_iter(&text) {
            if ids.len() >= room {
                break;
            }
            self.push_word(word.as_str(), &mut ids);
        }
        ids.truncate(room);
        ids.push(self.vocabulary.end);
        ids
    }

    fn push_word(&self, word: &str, ids: &mut Vec<u32>) {
        if word.starts_with('<') && word.ends_with('>') {
            match word {
                "<start_of_text>" => return ids.push(self.vocabulary.start),
                "<end_of_text>" => return ids.push(self.vocabulary.end),
                _ => {}
            }
        }
        self.vocabulary.pairs.encode(word, ids);
    }
}
