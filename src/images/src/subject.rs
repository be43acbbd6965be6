//! What a warning about a picture calls it: callers bring bytes, and only they know a name.

use std::cell::RefCell;
use std::path::Path;

thread_local! {
    static NAME: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Runs `work`; warnings about the picture that it decodes in this thread name `path`.
pub fn with_name<T>(path: &Path, work: impl FnOnce() -> T) -> T {
    /// Also after a panic.
    struct Restore(Option<String>);
    impl Drop for Restore {
        fn drop(&mut self) {
            NAME.set(self.0.take());
        }
    }
    let _restore = Restore(NAME.replace(Some(path.display().to_string())));
    work()
}

/// The picture's name; else what it is.
pub(crate) fn name(otherwise: &str) -> String {
    NAME.with_borrow(|name| name.clone().unwrap_or_else(|| otherwise.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_holds_while_the_work_goes_on() {
        let inner = || with_name(Path::new("b.jpg"), || name("a jpeg"));
        let outer = with_name(Path::new("a.jpg"), || (inner(), name("a jpeg")));
        assert_eq!(outer, ("b.jpg".to_owned(), "a.jpg".to_owned()));
        let panic = std::panic::catch_unwind(|| with_name(Path::new("c.jpg"), || panic!("no")));
        assert!(panic.is_err());
        assert_eq!(name("a jpeg"), "a jpeg");
    }
}
