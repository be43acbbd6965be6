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
        let folder = file.parent().unwrap_or(file);
        self.above = match self.files {
            0 => folder.to_path_buf(),
            _ => folder.ancestors().find(|f| self.above.starts_with(f)).unwrap_or(folder).into(),
        };
        self.files += 1;
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
