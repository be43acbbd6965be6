//! Raw files that are TIFF inside (DNG, NEF, CR2, ARW, PEF, RW2, ORF and others): every directory may
//! hold a JPEG file.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::Found;
use crate::tiff::ifd::{Directory, Structure};

const COMPRESSION: u16 = 259;
const STRIP_OFFSETS: u16 = 273;
const STRIP_LENGTHS: u16 = 279;
const SUB_DIRECTORIES: u16 = 330;
const JPEG_OFFSET: u16 = 513;
const JPEG_LENGTH: u16 = 514;
/// Panasonic's own tag for the whole file that a camera would have written.
const JPEG_FILE: u16 = 46;

/// How much of a file under another mark is read as metadata.
const LONGEST_HEAD: usize = 1 << 20;
/// Directories looked at, however they point at each other.
const MOST_DIRECTORIES: usize = 64;

pub(super) fn find(bytes: &[u8]) -> Found<'_> {
    let Some(file) = Structure::parse(bytes) else { return Found::default() };
    let mut found = Found { orientation: super::orientation(bytes), ..Found::default() };
    found.exif = Some(as_tiff(bytes));
    let (mut ahead, mut seen) = (vec![file.first], BTreeSet::new());
    while let Some(at) = ahead.pop() {
        if at == 0 || seen.len() >= MOST_DIRECTORIES || !seen.insert(at) {
            continue;
        }
        let Some(directory) = file.directory(at) else { continue };
        ahead.push(directory.next);
        let inner = directory.numbers(SUB_DIRECTORIES, MOST_DIRECTORIES);
        ahead.extend(inner.into_iter().filter_map(|at| usize::try_from(at).ok()));
        found.pictures.extend(pictures(bytes, &directory));
    }
    found
}

/// A structure under TIFF's own mark: of files under others, the beginning, where metadata stands.
fn as_tiff(bytes: &[u8]) -> Cow<'_, [u8]> {
    let mark = match bytes.first_chunk() {
        Some(b"IIU\0" | b"IIRO" | b"IIRS") => b"II*\0",
        Some(b"MMOR" | b"MMSR") => b"MM\0*",
        _ => return Cow::Borrowed(bytes),
    };
    let mut block = bytes[..bytes.len().min(LONGEST_HEAD)].to_vec();
    block[..4].copy_from_slice(mark);
    Cow::Owned(block)
}

/// The JPEG files of a directory.
fn pictures<'a>(bytes: &'a [u8], directory: &Directory<'a>) -> impl Iterator<Item = &'a [u8]> {
    let piece = |offset: u16, length: u16| {
        let begin = usize::try_from(directory.number(offset)?).ok()?;
        let rest = bytes.get(begin..)?;
        let length = directory.number(length).and_then(|length| usize::try_from(length).ok());
        Some(&rest[..length.unwrap_or(rest.len()).min(rest.len())])
    };
    let is_jpeg = matches!(directory.number(COMPRESSION), Some(6 | 7 | 34_892));
    let is_whole = is_jpeg && directory.count(STRIP_OFFSETS) == 1;
    let strip = is_whole.then(|| piece(STRIP_OFFSETS, STRIP_LENGTHS)).flatten();
    let all = [piece(JPEG_OFFSET, JPEG_LENGTH), strip, directory.bytes(JPEG_FILE)];
    all.into_iter().flatten().filter(|picture| picture.starts_with(b"\xff\xd8\xff"))
}
