//! Photos' files as one ZIP archive, written while it is sent.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

use seer_engine::{Library, Stop};
use seer_images::Piece;
use seer_types::{PhotoId, PhotoRecord};
use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::file_body::copy;
use super::original::{content, open_unchanged};
use super::photos::LARGEST_SIZE;

/// From this many bytes on an entry needs the wider fields of ZIP64.
const WIDE: u64 = u32::MAX as u64;
/// The entry that says which photos are not in the archive, and why.
const NOTE: &str = "not included.txt";

/// Writes the files of these photos, each under its own name, in their order. What cannot be read is named
/// in a text at the end. Pictures are packed already: nothing is compressed.
///
/// # Errors
/// When `out` takes no more, and when a file ends early, of which a part is written then.
pub(super) fn write(
    library: &Library,
    photos: &[PhotoId],
    strips: bool,
    out: impl Write,
) -> io::Result<()> {
    let mut archive = Archive { zip: ZipWriter::new_stream(out), names: HashSet::new() };
    archive.names.insert(NOTE.to_owned());
    let mut lacking = String::new();
    for id in photos {
        match Entry::of(library, *id, strips) {
            Ok(entry) => archive.add(entry)?,
            Err(why) => lacking.push_str(&format!("{id}: {why}\n")),
        }
    }
    if !lacking.is_empty() {
        archive.zip.start_file(NOTE, options(None, 0))?;
        archive.zip.write_all(lacking.as_bytes())?;
    }
    archive.zip.finish()?.into_inner().flush()
}

/// A photo that can be written.
struct Entry {
    name: String,
    taken: Option<DateTime>,
    bytes: Bytes,
}

enum Bytes {
    File(File, Vec<Piece>),
    Made(Vec<u8>),
}

impl Entry {
    /// Opens the file; what must be stripped and cannot be is a rendering instead, which never carries
    /// metadata.
    fn of(library: &Library, id: PhotoId, strips: bool) -> Result<Self, String> {
        let record = library.photo(id).map_err(|error| error.to_string())?;
        let record = record.ok_or("no such photo is in the library")?;
        let taken = taken(&record);
        let record = library.record_here(record);
        let (file, name) = open_unchanged(&record).map_err(|error| error.message)?;
        if let Ok(content) = content((file, name.clone()), record.size, strips) {
            let bytes = Bytes::File(content.file, content.pieces);
            return Ok(Self { name: content.name, taken, bytes });
        }
        let jpeg = library.thumbnail_until(id, LARGEST_SIZE, &Stop::new());
        let jpeg = jpeg.map_err(|error| error.to_string())?;
        let stem = Path::new(&name).file_stem().unwrap_or_default().to_string_lossy();
        Ok(Self { name: format!("{stem}.jpg"), taken, bytes: Bytes::Made(jpeg) })
    }
}

/// When it was taken, as far as an archive can say it: from 1980 on.
fn taken(record: &PhotoRecord) -> Option<DateTime> {
    let (year, month, day, hour, minute, second) = record.facts.taken?.start.civil();
    let (year, small) = (u16::try_from(year).ok()?, |number: u32| u8::try_from(number).ok());
    let time = (small(hour)?, small(minute)?, small(second)?);
    DateTime::from_date_and_time(year, small(month)?, small(day)?, time.0, time.1, time.2).ok()
}

struct Archive<W: Write> {
    zip: ZipWriter<StreamWriter<W>>,
    names: HashSet<String>,
}

impl<W: Write> Archive<W> {
    fn add(&mut self, entry: Entry) -> io::Result<()> {
        let name = free_name(&mut self.names, &entry.name);
        let size = match &entry.bytes {
            Bytes::File(_, pieces) => pieces.iter().map(Piece::len).sum(),
            Bytes::Made(bytes) => bytes.len() as u64,
        };
        self.zip.start_file(name, options(entry.taken, size))?;
        match entry.bytes {
            Bytes::File(file, pieces) => copy(file, pieces, &mut self.zip),
            Bytes::Made(bytes) => self.zip.write_all(&bytes),
        }
    }
}

fn options(taken: Option<DateTime>, size: u64) -> SimpleFileOptions {
    SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(taken.unwrap_or_default())
        .large_file(size >= WIDE)
}

/// The name, with a number before its extension where another photo has it: `a.jpg`, `a (2).jpg`. File systems
/// that take capital letters for small ones can hold all of them.
fn free_name(taken: &mut HashSet<String>, name: &str) -> String {
    let clean = |c: char| if c.is_control() || "/\\:".contains(c) { '_' } else { c };
    let name: String = name.chars().map(clean).collect();
    let (stem, end) = match name.rfind('.') {
        Some(dot) if dot > 0 => name.split_at(dot),
        _ => (name.as_str(), ""),
    };
    let mut number = 1;
    let mut free = name.clone();
    while !taken.insert(free.to_lowercase()) {
        number += 1;
        free = format!("{stem} ({number}){end}");
    }
    free
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_name_no_place() {
        let mut taken = HashSet::new();
        let mut name = |name: &str| free_name(&mut taken, name);
        assert_eq!(name("a.jpg"), "a.jpg");
        assert_eq!(name("A.JPG"), "A (2).JPG");
        assert_eq!(name("a.jpg"), "a (3).jpg");
        assert_eq!(name(".hidden"), ".hidden");
        assert_eq!(name(".hidden"), ".hidden (2)");
        assert_eq!(name("../x\\y\n"), ".._x_y_");
    }
}
