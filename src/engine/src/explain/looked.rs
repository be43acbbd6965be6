//! A photo that is being explained, with what is only worked out where it is needed.

use std::cell::OnceCell;

use seer_store::fold::fold;
use seer_store::{Derived, Filter, meets, written};
use seer_types::{PhotoFacts, PhotoRecord};

/// See the module's description.
pub(super) struct Looked<'a> {
    pub(super) photo: &'a PhotoRecord,
    derived: OnceCell<Derived>,
    texts: OnceCell<Derived>,
    written: OnceCell<String>,
}

impl<'a> Looked<'a> {
    pub(super) fn at(photo: &'a PhotoRecord) -> Self {
        Self { photo, derived: OnceCell::new(), texts: OnceCell::new(), written: OnceCell::new() }
    }

    /// What the photo is found by.
    pub(super) fn derived(&self) -> &Derived {
        self.derived.get_or_init(|| Derived::of(self.photo))
    }

    /// The same of what is written about it alone, which is a small part of it.
    pub(super) fn texts(&self) -> &Derived {
        self.texts.get_or_init(|| {
            let facts = PhotoFacts { classes: Vec::new(), ..self.photo.facts.clone() };
            let files = self.photo.files.clone();
            Derived {
                tags: Vec::new(),
                ..Derived::of(&PhotoRecord { files, facts, ..*self.photo })
            }
        })
    }

    /// Whether it meets a filter with any of its files, or where `negated`, does not with any.
    pub(super) fn holds(&self, filter: &Filter, negated: bool) -> bool {
        let derived = self.derived();
        derived.files.iter().any(|file| meets(filter, derived, file) != negated)
    }

    /// Whether a word may stand in its paths or texts: false is certain. Much sooner known
    /// than where it stands.
    pub(super) fn may_hold(&self, word: &str) -> bool {
        !word.chars().all(char::is_alphanumeric) || self.written().contains(&fold(word))
    }

    /// Paths and texts in one text, folded.
    fn written(&self) -> &str {
        self.written.get_or_init(|| {
            let paths = self.photo.files.iter().map(|file| file.path.to_text());
            let texts = written(&self.photo.facts).into_iter().map(|(_, text)| text.to_owned());
            fold(&paths.chain(texts).collect::<Vec<String>>().join("\n"))
        })
    }
}
