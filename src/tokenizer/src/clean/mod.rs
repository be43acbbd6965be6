//! Text as CLIP's training captions were cleaned, so that a query meets the ids the tower was trained on.
//!
//! Source: `basic_clean` and `whitespace_clean` of OpenAI's CLIP and of OpenCLIP (ftfy's defaults, HTML references
//! resolved twice, white space collapsed, lower case).

mod characters;
mod code_page;
mod entities;
mod mojibake;

/// How text is prepared before it is cut into tokens.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Cleaning {
    /// OpenCLIP's cleaning of CLIP queries, lower case at the end.
    OpenClip,
    /// The same without lower case, as OpenCLIP does for language-model text towers.
    OpenClipKeepCase,
    /// OpenCLIP's `canonicalize` for SigLIP: the repairs, `_` to a space, no ASCII punctuation,
    /// white space collapsed, lower case.
    Canonical,
    /// transformers' `SiglipTokenizer`: lower case, no ASCII punctuation, white space collapsed.
    Siglip,
    /// transformers' `Siglip2Tokenizer`: lower case.
    LowerCase,
    /// Only composition (NFC), white space and lower case letter by letter, as Hugging Face's
    /// `tokenizer.json` of CLIP says; only the comparison with it needs this.
    #[cfg(test)]
    HuggingFaceClip,
    /// Nothing: the `tokenizer.json` does all there is to do.
    None,
}

impl Cleaning {
    /// The cleaned text.
    pub fn apply(self, text: &str) -> String {
        match self {
            Self::OpenClip => collapsed(&basic(text)).to_lowercase(),
            Self::OpenClipKeepCase => collapsed(&basic(text)),
            Self::Canonical => {
                collapsed(&without_punctuation(&basic(text).replace('_', " ")).to_lowercase())
            }
            Self::Siglip => collapsed(&without_punctuation(&text.to_lowercase())),
            Self::LowerCase => text.to_lowercase(),
            #[cfg(test)]
            Self::HuggingFaceClip => collapsed(&characters::composed(text))
                .chars()
                .flat_map(char::to_lowercase)
                .collect(),
            Self::None => text.to_owned(),
        }
    }
}

/// Mojibake, references, odd characters; then references once more, whatever form they have.
fn basic(text: &str) -> String {
    if is_plain(text) {
        return text.to_owned();
    }
    let fixed = fixed(text);
    entities::unescape_all(&entities::unescape_all(&fixed)).into_owned()
}

/// Repeats the repairs until nothing changes; each of them only ever shortens or settles the text.
fn fixed(text: &str) -> String {
    const ROUNDS: usize = 8;
    let has_markup = text.contains('<');
    let mut text = text.to_owned();
    for _ in 0..ROUNDS {
        let before = text.clone();
        if !has_markup {
            text = entities::unescape_certain(&text);
        }
        text = characters::composed(&characters::plain(&mojibake::repaired(&text)));
        if text == before {
            break;
        }
    }
    text
}

/// Printable ASCII without `&`: nothing to repair, which is nearly every query.
fn is_plain(text: &str) -> bool {
    text.bytes().all(|b| (b' '..=b'~').contains(&b) && b != b'&')
}

fn without_punctuation(text: &str) -> String {
    text.chars().filter(|c| !c.is_ascii_punctuation()).collect()
}

fn collapsed(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn openclip_cleaning_in_one_line() {
        assert_eq!(
            Cleaning::OpenClip.apply("  LÃ¼neburg &amp;amp; “ﬁne”\n ＡＢＣ "),
            "lüneburg & \"fine\" abc"
        );
    }

    #[test]
    fn markup_keeps_references_for_the_second_pass() {
        assert_eq!(Cleaning::OpenClip.apply("<b> &rsquo;"), "<b> ’");
        assert_eq!(Cleaning::OpenClip.apply("&rsquo;"), "'");
    }

    #[test]
    fn case_is_kept_where_asked() {
        assert_eq!(Cleaning::OpenClipKeepCase.apply(" A  &lt;B "), "A <B");
        assert_eq!(Cleaning::None.apply(" A "), " A ");
    }

    #[test]
    fn siglip_drops_punctuation_and_case() {
        let text = " It's a_B, &amp; “C” ";
        assert_eq!(Cleaning::Canonical.apply(text), "its a b c");
        assert_eq!(Cleaning::Siglip.apply(text), "its ab amp “c”");
        assert_eq!(Cleaning::LowerCase.apply("A_b "), "a_b ");
    }

    #[test]
    fn the_last_sigma_of_a_word_has_its_own_form() {
        assert_eq!(Cleaning::OpenClip.apply("ΟΔΟΣ"), "οδος");
        assert_eq!(Cleaning::HuggingFaceClip.apply("ΟΔΟΣ"), "οδοσ");
    }
}
