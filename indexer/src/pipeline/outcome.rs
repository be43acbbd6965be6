//! What comes of one file.

use std::time::{SystemTime, UNIX_EPOCH};

use seer_engine::{Job, Point};
use seer_types::{
    Failure, FailureKind, FileStamp, LibraryPath, PhotoFacts, PhotoFile, PhotoId, PreparedImage,
};

/// A decoded picture on its way to the encoder.
pub(crate) struct Decoded {
    /// Hash of the content.
    pub id: PhotoId,
    /// Where it lies.
    pub file: PhotoFile,
    /// What it says about itself.
    pub facts: Box<PhotoFacts>,
    /// What the model looks at: at least one picture, frames of a video in their order.
    pub pictures: Vec<PreparedImage>,
}

/// A file that is finished, on its way to the library.
pub(crate) enum Outcome {
    /// Encoded in this run.
    Encoded {
        /// Hash of the content.
        id: PhotoId,
        /// Where it lies.
        file: PhotoFile,
        /// What it says about itself.
        facts: Box<PhotoFacts>,
        /// What the model made of it, in each of its spaces.
        points: Vec<Point>,
    },
    /// Its content is in the library already, and now with all that is read of the file itself.
    ReadAgain {
        /// Hash of the content.
        id: PhotoId,
        /// Where it lies.
        file: PhotoFile,
        /// What it says about itself.
        facts: Box<PhotoFacts>,
    },
    /// Its content is in the library already.
    Known {
        /// Hash of the content.
        id: PhotoId,
        /// Where it lies.
        file: PhotoFile,
    },
    /// Its content is that of another file of this run, whatever comes of that one.
    Copy {
        /// Hash of the content.
        id: PhotoId,
        /// Where it lies.
        file: PhotoFile,
        /// What it says with its sidecars, if it has some.
        facts: Option<Box<PhotoFacts>>,
    },
    /// It cannot be indexed. With the content's hash where it was read.
    Failed {
        /// Hash of the content, if it could be read.
        id: Option<PhotoId>,
        /// Which file, and why.
        failure: Failure,
    },
    /// It went away after the walk.
    Vanished {
        /// Where it was.
        path: LibraryPath,
    },
}

/// The place a job's content was read from.
pub(crate) fn file_of(job: &Job, stamp: FileStamp) -> PhotoFile {
    PhotoFile { path: job.path.clone(), root: job.root.clone(), stamp }
}

/// A failure of this moment.
pub(crate) fn failure(file: &PhotoFile, kind: FailureKind, reason: impl Into<String>) -> Failure {
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Failure {
        path: file.path.clone(),
        root: file.root.clone(),
        stamp: file.stamp,
        kind,
        reason: one_line(&reason.into()),
        at: since_1970.as_secs() as i64,
        decoders: seer_images::DECODERS,
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What a panic said.
pub(crate) fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no message").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_tells_its_message() {
        for (panic, expected) in [
            (std::panic::catch_unwind(|| panic!("plain")), "plain"),
            (std::panic::catch_unwind(|| panic!("number {}", 7)), "number 7"),
        ] {
            assert_eq!(panic_text(&*panic.unwrap_err()), expected);
        }
    }

    #[test]
    fn a_reason_is_one_line() {
        assert_eq!(one_line("a\n  b\tc"), "a b c");
    }
}
