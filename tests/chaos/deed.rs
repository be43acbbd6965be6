//! What people do with models, kinds of index and copies of a library.

use std::path::PathBuf;
use std::process::Command;

use crate::recording::Scene;
use crate::subject::Subject;
use crate::support::{Place, fixture};
use crate::verdict::Verdict;
use crate::verdict_spaces::{examine_copied, examine_filled, examine_forgotten, examine_indexed};
use crate::verdict_spaces::{examine_used, in_both_models};

/// The model that queries are answered with.
pub fn first() -> PathBuf {
    fixture("clip-tiny")
}

/// The model beside it.
pub fn second() -> PathBuf {
    fixture("metaclip2-tiny")
}

/// The library that is copied.
pub fn source(place: &Place) -> PathBuf {
    place.library().with_file_name("source")
}

/// One of these, which can be stopped.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Deed {
    /// Encoding all photos with the second model too.
    Fill,
    /// Answering with the second model from now on.
    Use,
    /// Forgetting all that was encoded with the second model.
    Forget,
    /// Building lists of vectors, or a graph, and saving them.
    Index(&'static str),
    /// Copying a library into a new folder.
    Copy,
}

impl Deed {
    /// What is run; `subject` has the library that changes.
    pub fn command(self, subject: &Subject<'_>) -> Command {
        let model = second();
        let model = model.to_str().expect("text path");
        let photos = subject.place.photos();
        let photos = photos.to_str().expect("text path");
        let (source, to) = (source(subject.place), &subject.library);
        let (source, to) = (source.to_str().expect("text path"), to.to_str().expect("text path"));
        match self {
            Self::Fill => subject.command(&["index", "--json", "--model", model, photos]),
            Self::Use => subject.command(&["models", "use", "--json", model]),
            Self::Forget => subject.command(&["models", "forget", "--json", model]),
            Self::Index(kind) => subject.command(&["index", "--json", "--index", kind, photos]),
            Self::Copy => {
                subject.command(&["store", "copy", "--json", "--from", source, "--to", to])
            }
        }
    }

    /// What must hold when it was stopped.
    pub fn verdict(self) -> Verdict {
        match self {
            Self::Fill => examine_filled,
            Self::Use => examine_used,
            Self::Forget => examine_forgotten,
            Self::Index(_) => examine_indexed,
            Self::Copy => examine_copied,
        }
    }
}

impl Scene {
    /// A library whose photos are encoded with both models, and answered with the first.
    pub fn in_both_models(photos: u64) -> Self {
        let scene = Self::indexed(photos, &first());
        let subject = Subject::of(&scene.place, &first());
        assert_eq!(in_both_models(&subject, &scene.before), Ok(()));
        scene
    }

    /// Its library lies where one is copied from, and there is none where it is copied to.
    pub fn set_aside(self) -> Self {
        std::fs::rename(self.place.library(), source(&self.place)).expect("moved aside");
        self
    }
}
