//! What can go wrong with a store, whatever keeps it.

use std::error::Error;
use std::fmt;

/// What kind of trouble it is, for programs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum StoreErrorKind {
    /// Another process has it.
    Locked,
    /// A newer seer wrote it.
    NewerFormat,
    /// There is no room to write.
    Full,
    /// What is there is not what was written.
    Damaged,
    /// It cannot be reached now: the server is gone, the network is down. Trying again may help.
    Unreachable,
    /// The change or the question makes no sense for what is there.
    Refused,
    /// A derived index took what cannot be: a defect in seer.
    Bug,
    /// The system refused.
    System,
}

/// Why a store could not do what was asked.
#[derive(Debug)]
pub struct StoreError {
    kind: StoreErrorKind,
    source: Box<dyn Error + Send + Sync>,
}

impl StoreError {
    /// A store's own error as one of this kind.
    pub fn new(kind: StoreErrorKind, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { kind, source: source.into() }
    }

    /// What kind of trouble it is.
    pub fn kind(&self) -> StoreErrorKind {
        self.kind
    }

    /// The store's own error.
    pub fn inner(&self) -> &(dyn Error + Send + Sync + 'static) {
        &*self.source
    }
}

impl fmt::Display for StoreError {
    /// What, where and what next, as the store's own error says it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.source.fmt(f)
    }
}

impl Error for StoreError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.source()
    }
}

/// The result of asking a store.
pub type StoreResult<T> = Result<T, StoreError>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_what_the_store_says() {
        let error = StoreError::new(StoreErrorKind::Full, std::io::Error::other("no room"));
        assert_eq!((error.to_string().as_str(), error.kind()), ("no room", StoreErrorKind::Full));
        assert!(error.inner().downcast_ref::<std::io::Error>().is_some());
    }
}
