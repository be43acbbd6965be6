//! The demo's pictures: in the program, so that an installed one has them too.
//!
//! Made and described by `make.py` beside this file; authors and licences are in `CREDITS.md`,
//! which is written out with the pictures.

use std::path::Path;

use anyhow::{Context, Result};

/// Authors, licences, sources: a table in Markdown, one picture a row.
const CREDITS: &str = include_str!("CREDITS.md");

macro_rules! pictures {
    ($($number:literal)*) => {
        &[$((
            concat!("photo-", $number, ".jpg"),
            include_bytes!(concat!("photo-", $number, ".jpg")),
        )),*]
    };
}

/// File name and JPEG of each.
pub const PICTURES: &[(&str, &[u8])] = pictures! {
    "01" "02" "03" "04" "05" "06" "07" "08" "09" "10" "11" "12" "13" "14" "15" "16" "17" "18" "19" "20"
    "21" "22" "23" "24" "25" "26" "27" "28" "29" "30" "31" "32" "33" "34" "35" "36" "37" "38" "39" "40"
};

/// Writes the pictures and their credits into a folder; what is there already stays.
pub fn write(folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder)
        .with_context(|| format!("the folder {} cannot be made", folder.display()))?;
    put(&folder.join("CREDITS.md"), CREDITS.as_bytes())?;
    PICTURES.iter().try_for_each(|(name, jpeg)| put(&folder.join(name), jpeg))
}

fn put(path: &Path, content: &[u8]) -> Result<()> {
    let there = std::fs::metadata(path).is_ok_and(|meta| meta.len() == content.len() as u64);
    match there {
        true => Ok(()),
        false => std::fs::write(path, content)
            .with_context(|| format!("the file {} cannot be written", path.display())),
    }
}

/// What a picture shows, in the words of the credits.
pub fn shows(name: &str) -> Option<&'static str> {
    let row = CREDITS.lines().find(|line| line.starts_with(&format!("| {name} |")))?;
    row.split('|').nth(2).map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_picture_is_small_and_credited() {
        for (name, jpeg) in PICTURES {
            assert!(jpeg.starts_with(&[0xff, 0xd8]) && jpeg.len() < 60_000, "{name}");
            let row = CREDITS.lines().find(|line| line.contains(name)).unwrap_or_default();
            let fields: Vec<&str> = row.split('|').map(str::trim).collect();
            assert_eq!(fields.len(), 7, "{name}: {row}");
            assert!(!fields[2].is_empty() && !fields[3].is_empty() && !fields[5].is_empty());
            assert!(["public domain", "CC0 1.0", "CC BY 4.0"].contains(&fields[4]), "{row}");
        }
        assert_eq!(CREDITS.matches("| photo-").count(), PICTURES.len());
        let bytes: usize = PICTURES.iter().map(|(_, jpeg)| jpeg.len()).sum();
        assert!(bytes < 2_000_000, "{bytes} bytes in the program");
    }

    #[test]
    fn a_picture_is_known_by_what_it_shows() {
        assert_eq!(shows("photo-15.jpg"), Some("sheep"));
        assert_eq!(shows("photo-99.jpg"), None);
    }
}
