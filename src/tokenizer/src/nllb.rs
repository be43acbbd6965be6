//! NLLB's text to ids: the language's code, byte pairs, an end token.
//!
//! The template of the `tokenizer.json` on the hub is not the one transformers' `NllbTokenizer`
//! uses: that class frames a text itself, with English unless told otherwise.

use tokenizers::processors::template::TemplateProcessing;

use super::clean::Cleaning;
use super::language_model::{LanguageModelTokenizer, parsed};

const LANGUAGE: &str = "eng_Latn";
const END: &str = "</s>";

/// Errors are reasons in words, to be prefixed with the file.
pub fn from_json(json: &[u8], context_length: usize) -> Result<LanguageModelTokenizer, String> {
    let mut inner = parsed(json)?;
    let id = |token: &str| {
        let id = inner.token_to_id(token).ok_or_else(|| format!("it has no token {token:?}"))?;
        Ok::<_, String>((token.to_owned(), id))
    };
    let frame = TemplateProcessing::builder()
        .try_single(format!("{LANGUAGE} $A {END}"))?
        .special_tokens(vec![id(LANGUAGE)?, id(END)?])
        .build()
        .map_err(|e| e.to_string())?;
    inner.with_post_processor(Some(frame));
    LanguageModelTokenizer::new(inner, Cleaning::OpenClipKeepCase, context_length)
}
