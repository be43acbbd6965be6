//! The name of a photo in an exported folder.

use std::path::Path;

/// Digits of an id behind a name that is taken.
const DIGITS: usize = 8;

/// The names that a photo's file may have, the best first: its own; with the start of its id behind
/// it; with a number behind that.
pub fn candidates(file: &Path, id: &str) -> impl Iterator<Item = String> {
    let text = |part: Option<&std::ffi::OsStr>| {
        part.map(|part| part.to_string_lossy().into_owned()).unwrap_or_default()
    };
    let name = text(file.file_name());
    let stem = text(file.file_stem());
    let ending = file.extension().map(|ending| format!(".{}", ending.to_string_lossy()));
    let ending = ending.unwrap_or_default();
    let short: String = id.chars().take(DIGITS).collect();
    let marked = format!("{stem}-{short}");
    let numbered = {
        let (marked, ending) = (marked.clone(), ending.clone());
        (2..1000).map(move |number| format!("{marked}-{number}{ending}"))
    };
    [name, format!("{marked}{ending}")].into_iter().chain(numbered)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_own_name_comes_first_and_the_ending_stays() {
        let first =
            |path: &str| candidates(Path::new(path), "3fa91c02aa").take(3).collect::<Vec<_>>();
        assert_eq!(
            first("/p/IMG 1.jpg"),
            ["IMG 1.jpg", "IMG 1-3fa91c02.jpg", "IMG 1-3fa91c02-2.jpg"]
        );
        assert_eq!(first("/p/scan"), ["scan", "scan-3fa91c02", "scan-3fa91c02-2"]);
        assert_eq!(first("/p/.hidden")[1], ".hidden-3fa91c02");
    }
}
