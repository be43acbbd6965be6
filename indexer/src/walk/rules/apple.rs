//! Libraries of Apple's photo programs: folders that hold originals beside what is made of them.
//!
//! | ends in | of | originals in |
//! |---|---|---|
//! | `.photoslibrary` | Photos | `originals`, `Masters` |
//! | `.photolibrary`, `.migratedphotolibrary` | iPhoto | `Masters`, `Originals` |
//! | `iPhoto Library`, the plain folder of its first versions | iPhoto | all but known caches |
//! | `.aplibrary`, `.migratedaplibrary` | Aperture | `Masters`, `*.approject` (projects hold their own) |
//!
//! Everything else there (previews, thumbnails, faces, edits, caches, databases) is left out.

use std::ffi::OsStr;
use std::path::Path;

use super::SkipRule;
use super::names::has_end;

const LIBRARIES: [&str; 5] = [
    ".photoslibrary",
    ".photolibrary",
    ".migratedphotolibrary",
    ".aplibrary",
    ".migratedaplibrary",
];

/// Folders of a library that hold what cameras took.
const ORIGINALS: [&str; 2] = ["originals", "Masters"];

/// Old Aperture libraries keep photos in projects, and these within folders,
const APERTURE: [&str; 2] = [".aplibrary", ".migratedaplibrary"];
const PROJECTS: [&str; 2] = [".approject", ".apfolder"];
/// with small copies beside each photo.
const SMALL_COPIES: [&str; 4] = ["thumbnails", "previews", "faces", "minis"];

/// iPhoto's folder in its first versions has a plain name; these lie in it.
const OLD_IPHOTO: &str = "iPhoto Library";
const OLD_DERIVATIVES: [&str; 7] =
    ["Data", "Data.noindex", "Modified", "Thumbnails", "Previews", "iPod Photo Cache", "Contents"];

/// The rule for what lies directly in a library and is none of its folders of originals.
pub(super) fn derivative(path: &Path) -> Option<SkipRule> {
    let (name, parent) = (path.file_name()?, path.parent()?);
    let is_derivative = match parent.file_name() {
        Some(above) if ends(above, &LIBRARIES) => !is_kept(name, above),
        Some(above) if above.eq_ignore_ascii_case(OLD_IPHOTO) => is_one(name, &OLD_DERIVATIVES),
        Some(above) if ends(above, &PROJECTS) => is_one(name, &SMALL_COPIES),
        _ => false,
    };
    is_derivative.then_some(SkipRule::AppleLibrary)
}

fn is_kept(name: &OsStr, library: &OsStr) -> bool {
    is_one(name, &ORIGINALS) || (ends(library, &APERTURE) && ends(name, &PROJECTS))
}

fn is_one(name: &OsStr, known: &[&str]) -> bool {
    known.iter().any(|known| name.eq_ignore_ascii_case(known))
}

fn ends(name: &OsStr, known: &[&str]) -> bool {
    known.iter().any(|end| has_end(name, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn originals_stay_and_all_else_goes() {
        for path in [
            "My.photoslibrary/resources",
            "My.photoslibrary/scopes",
            "Old.photoslibrary/Thumbnails",
            "iPhoto Library.photolibrary/Previews",
            "iPhoto Library.photolibrary/iPod Photo Cache",
            "Old.migratedphotolibrary/Thumbnails",
            "Aperture.aplibrary/Thumbnails",
            "Aperture.APLIBRARY/Previews",
            "iPhoto Library/Data.noindex",
            "A.aplibrary/x.jpg",
            "2008.approject/Thumbnails",
        ] {
            assert_eq!(derivative(Path::new(path)), Some(SkipRule::AppleLibrary), "{path}");
        }
        for path in [
            "My.photoslibrary",
            "My.photoslibrary/originals",
            "My.photoslibrary/originals/0",
            "iPhoto Library.photolibrary/Masters",
            "Aperture.aplibrary/Masters/Previews",
            "Aperture.aplibrary/2008.approject",
            "iPhoto Library/Originals",
            "iPhoto Library/2005",
            "a/Thumbnails",
        ] {
            assert_eq!(derivative(Path::new(path)), None, "{path}");
        }
    }
}
