//! Which tokenizer OpenCLIP's `text_cfg` asks for.

use serde_json::json;

use crate::config::section::Section;
use crate::config::{ImageConfig, ImagePooling, Layout, TextConfig, TextPooling, VitConfig};
use crate::config::{TokenizerFamily, TokenizerSpec};
use crate::error::CheckpointError;

/// A name in `hf_tokenizer_name` means the checkpoint's own `tokenizer.json`, none CLIP's tokenizer;
/// SigLIP's image towers come with sentence pieces in any case.
pub(super) fn family(
    text: &Section,
    image: Option<&ImageConfig>,
) -> Result<TokenizerFamily, CheckpointError> {
    let is_siglip = |vit: &VitConfig| vit.pooling == ImagePooling::Attention;
    let named = text.value("hf_tokenizer_name").is_some();
    let language_model = text.value("hf_model_name").is_some();
    if !language_model && matches!(image, Some(ImageConfig::Vit(vit)) if is_siglip(vit)) {
        return sentence_pieces(text);
    }
    if !named && !language_model {
        text.only("tokenizer_kwargs", &[json!({})])?;
        return Ok(TokenizerFamily::Clip);
    }
    let (stripped, canonical) = match text.section("tokenizer_kwargs")? {
        None => (false, false),
        Some(kwargs) => {
            let canonical = is_canonical(&kwargs)?;
            let stripped = kwargs.flag("strip_sep_token", false)?;
            kwargs.finish()?;
            (stripped, canonical)
        }
    };
    let whole = text.flag("no_causal_mask", false)? && !language_model;
    match (stripped, canonical, whole) {
        (true, false, _) => Ok(TokenizerFamily::WithoutSeparator),
        (false, false, false) => Ok(TokenizerFamily::LanguageModel),
        (false, true, false) => Ok(TokenizerFamily::CanonicalLanguageModel),
        _ => {
            let known = "without a causal mask, seer knows how CLIPA (strip_sep_token) and SigLIP \
                         fill a text up";
            Err(text.refuse("hf_tokenizer_name", known))
        }
    }
}

fn is_canonical(kwargs: &Section) -> Result<bool, CheckpointError> {
    match kwargs.text("clean")?.unwrap_or("whitespace") {
        "canonicalize" => Ok(true),
        "whitespace" => Ok(false),
        _ => Err(kwargs.refuse("clean", "seer knows canonicalize and whitespace")),
    }
}

fn sentence_pieces(text: &Section) -> Result<TokenizerFamily, CheckpointError> {
    text.ignore(&["hf_tokenizer_name"]); // the checkpoint has its tokenizer.json
    let Some(kwargs) = text.section("tokenizer_kwargs")? else {
        return Ok(TokenizerFamily::SentencePieces { canonical: false });
    };
    let canonical = is_canonical(&kwargs)?;
    kwargs.finish().map(|()| TokenizerFamily::SentencePieces { canonical })
}

/// The whole specification for a text tower.
pub(super) fn spec(text: &TextConfig, family: TokenizerFamily) -> TokenizerSpec {
    let (context_length, vocab_size, end_id) = match text {
        TextConfig::Transformer(t) => {
            let end_id = match t.pooling {
                TextPooling::Id(id) => Some(id),
                _ => None,
            };
            (t.context_length, t.vocab_size, end_id)
        }
        TextConfig::Bert(t) => (t.context_length, t.vocab_size, None),
        TextConfig::Nllb(t) => (t.context_length, t.vocab_size, None),
    };
    let family = match text {
        TextConfig::Nllb(_) => TokenizerFamily::Nllb,
        _ => family,
    };
    TokenizerSpec { layout: Layout::OpenClip, family, context_length, vocab_size, end_id }
}
