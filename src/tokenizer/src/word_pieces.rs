//! BERT's `vocab.txt`, a word piece a line, as the `tokenizer.json` it stands for.

use serde_json::{Map, Value, json};

/// What `tokenizer_config.json` may say about BERT's pieces.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct WordPieceSettings {
    /// Letters are made small and, unless `strip_accents` says otherwise, lose their accents.
    pub lower_case: bool,
    /// Every Chinese character is a word.
    pub chinese_characters: bool,
    /// Whether accents are taken off; `None`: with `lower_case`.
    pub strip_accents: Option<bool>,
}

impl WordPieceSettings {
    /// Reads `tokenizer_config.json`; what it does not say is as in transformers' `BertTokenizer`.
    /// Errors are reasons in words.
    pub fn read(json: &[u8]) -> Result<Self, String> {
        let json: Value = serde_json::from_slice(json).map_err(|e| e.to_string())?;
        let flag = |key: &str| match &json[key] {
            Value::Null => Ok(None),
            Value::Bool(flag) => Ok(Some(*flag)),
            other => Err(format!("{key} is {other}, but it should be true, false or null")),
        };
        Ok(Self {
            lower_case: flag("do_lower_case")?.unwrap_or(true),
            chinese_characters: flag("tokenize_chinese_chars")?.unwrap_or(true),
            strip_accents: flag("strip_accents")?,
        })
    }
}

impl Default for WordPieceSettings {
    fn default() -> Self {
        Self { lower_case: true, chinese_characters: true, strip_accents: None }
    }
}

/// The `tokenizer.json` of the pieces in `vocab`, whose ids are their line numbers from 0 on; of a
/// piece that comes twice the last line counts, as in transformers. Texts get `[CLS]` and `[SEP]`
/// around them. Errors are reasons in words, to be prefixed with the file.
pub fn tokenizer_json(vocab: &[u8], settings: WordPieceSettings) -> Result<Vec<u8>, String> {
    let text = std::str::from_utf8(vocab).map_err(|e| format!("not UTF-8 text: {e}"))?;
    let pieces = text.strip_suffix('\n').unwrap_or(text).split('\n');
    let pieces = pieces.map(|piece| piece.strip_suffix('\r').unwrap_or(piece));
    let vocabulary: Map<String, Value> =
        pieces.enumerate().map(|(id, piece)| (piece.to_owned(), id.into())).collect();
    let special = |piece: &str| match vocabulary.get(piece) {
        Some(id) => Ok(json!([piece, id])),
        None => Err(format!("it has no line {piece}, as BERT's word pieces need")),
    };
    let (start, end) = (special("[CLS]")?, special("[SEP]")?);
    special("[UNK]")?;
    let json = json!({
        "version": "1.0", "truncation": null, "padding": null, "added_tokens": [],
        "normalizer": {"type": "BertNormalizer", "clean_text": true,
            "handle_chinese_chars": settings.chinese_characters,
            "strip_accents": settings.strip_accents, "lowercase": settings.lower_case},
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": {"type": "BertProcessing", "sep": end, "cls": start},
        "decoder": null,
        "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
            "max_input_chars_per_word": 100, "vocab": vocabulary}
    });
    Ok(json.to_string().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clean::Cleaning;
    use crate::language_model::LanguageModelTokenizer;

    const VOCAB: &str = "[PAD]\r\n[UNK]\r\n[CLS]\r\n[SEP]\r\n猫\r\na\r\n##b\r\n[\r\n]\r\n";

    fn ids(settings: WordPieceSettings, text: &str) -> Vec<u32> {
        let json = tokenizer_json(VOCAB.as_bytes(), settings).unwrap();
        LanguageModelTokenizer::from_json(&json, Cleaning::None, 12).unwrap().encode(text)
    }

    #[test]
    fn lines_are_ids_and_special_tokens_stand_around_a_text() {
        let settings = WordPieceSettings::default();
        assert_eq!(ids(settings, "猫猫 AB á"), [2, 4, 4, 5, 6, 5, 3]);
        assert_eq!(ids(settings, "[SEP] a"), [2, 7, 1, 8, 5, 3]);
        let plain = WordPieceSettings { lower_case: false, chinese_characters: false, ..settings };
        assert_eq!(ids(plain, "猫猫 Ab ab"), [2, 1, 1, 5, 6, 3]);
    }

    #[test]
    fn settings_are_read_and_others_refused() {
        let read = |json: &str| WordPieceSettings::read(json.as_bytes());
        let settings = read(r#"{"do_lower_case": false, "strip_accents": true}"#).unwrap();
        assert_eq!((settings.lower_case, settings.strip_accents), (false, Some(true)));
        assert_eq!(read("{}").unwrap(), WordPieceSettings::default());
        assert!(read(r#"{"do_lower_case": 1}"#).unwrap_err().contains("do_lower_case"));
        assert!(read("{").is_err());
    }

    #[test]
    fn what_is_no_vocabulary_is_refused() {
        let refusal = |vocab: &[u8]| tokenizer_json(vocab, Default::default()).unwrap_err();
        assert!(refusal(b"[CLS]\n[SEP]\na").contains("[UNK]"));
        assert!(refusal(b"").contains("[CLS]"));
        assert!(refusal(&[255, 254]).contains("UTF-8"));
    }
}
