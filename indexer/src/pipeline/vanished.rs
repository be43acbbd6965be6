//! Files that went away between being found and being read: a folder was renamed, or a drive left.

use std::path::{Path, PathBuf};

/// How many, and the folder that all of them lay in.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Vanished {
    /// How many.
    pub files: u64,
    above: PathBuf,
}

impl Vanished {
    pub(crate) fn add(&mut self, file: &Path) {
        self.join(&Self { files: 1, above: file.parent().unwrap_or(file).to_path_buf() });
    }

    /// Adds those of a later part of the run.
    pub(crate) fn join(&mut self, later: &Self) {
        if self.files == 0 {
            self.above.clone_from(&later.above);
        } else if later.files > 0 {
            let both = later.above.ancestors().find(|folder| self.above.starts_with(folder));
            self.above = both.unwrap_or(&later.above).to_path_buf();
        }
        self.files += later.files;
    }

    /// What a person should know; `None` when nothing went away.
    pub(crate) fn notice(&self) -> Option<String> {
        let (noun, was) = if self.files == 1 { ("file", "was") } else { ("files", "were") };
        (self.files > 0).then(|| {
            format!(
                "{} {noun} in {} went away while the run went on and {was} not read; run it again when nothing is moved there",
                self.files,
                self.above.display()
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_that_all_lay_in_is_named() {
        let mut vanished = Vanished::default();
        assert_eq!(vanished.notice(), None);
        vanished.add(Path::new("/p/2019/may/a.jpg"));
        let notice = vanished.notice().unwrap();
        assert!(notice.starts_with("1 file in /p/2019/may went away"), "{notice}");
        vanished.add(Path::new("/p/2019/june/b.jpg"));
        vanished.add(Path::new("/p/2019/june/c.jpg"));
        let notice = vanished.notice().unwrap();
        assert!(notice.starts_with("3 files in /p/2019 went away"), "{notice}");
    }
}
