//! An error with its causes, as one line says it.

/// The error and what caused it, outermost first, without causes that were named before: many
/// errors say their cause themselves.
pub fn told(error: &anyhow::Error) -> String {
    let mut told = String::new();
    for cause in error.chain().map(ToString::to_string) {
        if told.is_empty() {
            told = cause;
        } else if !told.contains(&cause) {
            told = format!("{told}: {cause}");
        }
    }
    told
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use seer_engine::EngineError;

    use super::*;

    #[test]
    fn every_cause_is_named_once() {
        let source = std::io::Error::other("Not a directory (os error 20)");
        let path = PathBuf::from("/photos/a.jpg/library");
        let error = anyhow::Error::from(EngineError::Io { action: "make", path, source });
        assert_eq!(
            told(&error.context("cannot open the library")),
            "cannot open the library: cannot make /photos/a.jpg/library: Not a directory (os error 20)"
        );
        let error = anyhow::anyhow!("inner").context("middle").context("outer");
        assert_eq!(told(&error), "outer: middle: inner");
    }
}
