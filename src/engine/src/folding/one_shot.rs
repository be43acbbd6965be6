//! A camera's raw file, and the picture that the camera or a program wrote of it.

use std::path::Path;

use seer_types::PhotoRecord;

/// The format of raw files.
const RAW: &str = "raw";
/// Pixel phones number the files of one shot: `PXL_1.RAW-01.COVER.jpg`, `PXL_1.RAW-02.ORIGINAL.dng`.
const NUMBERED: &[u8] = b".RAW-";

/// Whether one is a raw file and the other a picture of the same name in the same folder: `DSC1.NEF` and
/// `DSC1.JPG` or `DSC1.NEF.jpg`, whatever was done to the picture.
pub(super) fn is_one_shot(a: &PhotoRecord, b: &PhotoRecord) -> bool {
    let (raw, other) = match (is_raw(a), is_raw(b)) {
        (true, false) => (a, b),
        (false, true) => (b, a),
        _ => return false,
    };
    let one = |raw: &Path, other: &Path| {
        raw.parent() == other.parent() && names_meet(raw, other).unwrap_or(false)
    };
    raw.files
        .iter()
        .any(|raw| other.files.iter().any(|other| one(raw.path.as_path(), other.path.as_path())))
}

/// Whether a photo is a raw file.
pub(super) fn is_raw(photo: &PhotoRecord) -> bool {
    photo.facts.format == RAW
}

fn names_meet(raw: &Path, other: &Path) -> Option<bool> {
    let (whole, of_raw) = (raw.file_name()?.as_encoded_bytes(), stem(raw)?);
    let of_other = stem(other)?;
    Some(of_other.eq_ignore_ascii_case(of_raw) || of_other.eq_ignore_ascii_case(whole))
}

/// A file's name without its ending, and without its number in the shot.
fn stem(path: &Path) -> Option<&[u8]> {
    let stem = path.file_stem()?.as_encoded_bytes();
    let numbered = stem.windows(NUMBERED.len()).position(|w| w.eq_ignore_ascii_case(NUMBERED));
    Some(&stem[..numbered.unwrap_or(stem.len())])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_one_shot_meet() {
        let meet =
            |raw: &str, other: &str| names_meet(Path::new(raw), Path::new(other)) == Some(true);
        for (raw, other) in [
            ("DSC01273.NEF", "DSC01273.JPG"),
            ("DSC01273.NEF", "dsc01273.jpeg"),
            ("IMG_1.CR3", "IMG_1.CR3.jpg"),
            ("PXL_1.RAW-02.ORIGINAL.dng", "PXL_1.RAW-01.COVER.jpg"),
        ] {
            assert!(meet(raw, other), "{raw} {other}");
        }
        for (raw, other) in
            [("DSC1.NEF", "DSC11.JPG"), ("a.raw-1.dng", "b.jpg"), ("1.nef", "1-2.jpg")]
        {
            assert!(!meet(raw, other), "{raw} {other}");
        }
    }
}
