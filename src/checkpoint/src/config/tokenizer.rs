//! What a checkpoint's JSON says about its tokenizer.

use crate::config::Layout;

/// What the text tower expects of a tokenizer; read from the checkpoint's JSON.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TokenizerSpec {
    /// The checkpoint's layout, which decides the file names.
    pub layout: Layout,
    /// Which kind of text tower the ids are for.
    pub family: TokenizerFamily,
    /// Most tokens in one text, start and end tokens included.
    pub context_length: usize,
    /// Rows of the token embedding: every id must be below it.
    pub vocab_size: usize,
    /// The end-of-text id, where the JSON names one that is to be believed.
    pub end_id: Option<u32>,
}

/// The ways of turning text into ids.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TokenizerFamily {
    /// CLIP's byte-pair encoding, with OpenCLIP's cleaning of the text.
    Clip,
    /// The language model's own `tokenizer.json`, special tokens as its post-processor adds them
    /// (BERT, RoBERTa…); only white space is collapsed before.
    LanguageModel,
    /// The same without punctuation and in lower case (OpenCLIP's `canonicalize`).
    CanonicalLanguageModel,
    /// As `LanguageModel`, filled up to the context with its padding, and id 0 instead of the token that
    /// ends a text (CLIPA).
    WithoutSeparator,
    /// NLLB's `tokenizer.json`: the code of the language (English) before a text, the end token
    /// after it, whatever the file says.
    Nllb,
    /// SigLIP's `tokenizer.json` (T5's or Gemma's sentence pieces), filled up to the context with
    /// its padding, which the text tower reads.
    SentencePieces {
        /// Without punctuation and in lower case (Hugging Face decides by the kind of pieces).
        canonical: bool,
    },
}
