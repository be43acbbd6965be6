//! Which of a photo's files an answer names first.

use seer_store::{Derived, Filter, meets};
use seer_types::{LibraryPath, PhotoRecord};

use crate::Library;

/// Files that are looked for on the disk, of one photo.
const LOOKS: usize = 32;

impl Library {
    /// Puts the file first that was asked for: one that meets the filter, and of these one that is
    /// there. The others stay in their order. A photo with one file costs nothing.
    pub(crate) fn put_asked_file_first(&self, photo: &mut PhotoRecord, filter: Option<&Filter>) {
        let there = |path: &LibraryPath| self.maps.here(path).is_file();
        put_first(photo, filter, there);
    }
}

fn put_first(
    photo: &mut PhotoRecord,
    filter: Option<&Filter>,
    there: impl Fn(&LibraryPath) -> bool,
) {
    if photo.files.len() < 2 {
        return;
    }
    let asked = asked(photo, filter);
    let found = asked.iter().take(LOOKS).find(|place| there(&photo.files[**place].path));
    if let Some(place) = found.or(asked.first()) {
        photo.files[..=*place].rotate_right(1);
    }
}

/// The files that meet the filter, by place.
fn asked(photo: &PhotoRecord, filter: Option<&Filter>) -> Vec<usize> {
    let all = 0..photo.files.len();
    match filter.filter(|filter| filter.is_about_files()) {
        None => all.collect(),
        Some(filter) => {
            let derived = Derived::of(photo);
            all.filter(|place| meets(filter, &derived, &derived.files[*place])).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use seer_types::{FileStamp, PhotoFacts, PhotoFile, PhotoId};

    use super::*;

    fn photo(paths: &[&str]) -> PhotoRecord {
        let file = |path: &&str| PhotoFile {
            path: LibraryPath::new(path),
            root: LibraryPath::new("/p"),
            stamp: FileStamp::new(1, 1),
        };
        let files = paths.iter().map(file).collect();
        PhotoRecord { id: PhotoId([1; 32]), files, size: 1, facts: PhotoFacts::default(), added: 0 }
    }

    fn order(paths: &[&str], filter: Option<&Filter>, gone: &[&str]) -> Vec<String> {
        let mut photo = photo(paths);
        put_first(&mut photo, filter, |path| !gone.contains(&path.to_text().as_str()));
        photo.files.iter().map(|file| file.path.to_text()).collect()
    }

    const FILES: [&str; 3] = ["/p/a/x.jpg", "/p/b/y.jpg", "/p/b/z.png"];

    #[test]
    fn one_that_is_there_comes_first() {
        assert_eq!(order(&FILES, None, &[]), FILES);
        assert_eq!(order(&FILES, None, &FILES[..1]), [FILES[1], FILES[0], FILES[2]]);
        assert_eq!(order(&FILES, None, &FILES[..2]), [FILES[2], FILES[0], FILES[1]]);
        assert_eq!(order(&FILES, None, &FILES), FILES, "on a machine that has none of them");
        assert_eq!(order(&FILES[..1], None, &FILES), FILES[..1]);
    }

    #[test]
    fn one_that_was_asked_for_comes_first() {
        let b = Filter::Path("/b/".into());
        assert_eq!(order(&FILES, Some(&b), &[])[0], FILES[1]);
        assert_eq!(order(&FILES, Some(&b), &FILES[1..2])[0], FILES[2]);
        assert_eq!(order(&FILES, Some(&b), &FILES[1..])[0], FILES[1], "gone, but asked for");
        let not_b = Filter::Not(Box::new(b.clone()));
        assert_eq!(order(&FILES, Some(&not_b), &FILES[..1])[0], FILES[0]);
        let png = Filter::All(vec![b, Filter::Extension("png".into())]);
        assert_eq!(order(&FILES, Some(&png), &[])[0], FILES[2]);
        let wide = Filter::Width { min: None, max: None };
        assert_eq!(order(&FILES, Some(&wide), &FILES[..1])[0], FILES[1]);
    }
}
