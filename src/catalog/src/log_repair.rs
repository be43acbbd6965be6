//! Damaged messages of sled's log declared void, so that the rest can be read.
//!
//! sled stops reading its log at the first message whose CRC is wrong, and refuses a database
//! whose newest segment has one. Here, on a copy, each such message becomes a cancelled one of the
//! same length, which sled passes over: what it said is lost, what follows is not.
//!
//! The form, as of sled 0.34: the file is a row of segments of 512 KiB; a segment is a header of
//! 20 bytes and then messages, one after the other. A message is a CRC-32 (of its body, then of
//! its header from the kind on; all bits turned over), its kind (1 byte), the length of its body, the
//! number of its segment, the number of its page (numbers as in [`number`]), and its body.

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

const SEGMENT: usize = 512 << 10;
const SEGMENT_HEADER: usize = 20;
const CANCELLED: u8 = 1;
const LAST_KIND: u8 = 11;

/// Whether the log in `own` has a damaged message before a sound one, where sled will read it
/// while opening. sled would overwrite all that follows in that segment with zeros.
///
/// # Errors
/// When the file cannot be read.
pub(crate) fn has_hole(own: &Path) -> io::Result<bool> {
    let mut file = match File::open(own.join("db")) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        file => file?,
    };
    let covered = snapshot_end(own);
    let mut segment = vec![0; SEGMENT];
    for number in 0..file.metadata()?.len().div_ceil(SEGMENT as u64) {
        file.seek(SeekFrom::Start(number * SEGMENT as u64))?;
        let mut header = [0; SEGMENT_HEADER];
        if file.read_exact(&mut header).is_err() {
            break;
        }
        let Some(start) = start_of(&header) else { continue };
        if start.saturating_add(SEGMENT as u64) <= covered {
            continue;
        }
        segment.clear();
        file.seek(SeekFrom::Start(number * SEGMENT as u64))?;
        (&mut file).take(SEGMENT as u64).read_to_end(&mut segment)?;
        let owner = start / SEGMENT as u64;
        let mut at = SEGMENT_HEADER;
        while let Some(message) = Message::sound(&segment, at, Some(owner)) {
            at += message.length;
        }
        if (at..segment.len()).any(|at| Message::sound(&segment, at, Some(owner)).is_some()) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Up to where in the log the newest snapshot reaches; 0 when there is none.
fn snapshot_end(own: &Path) -> u64 {
    let entries = fs::read_dir(own).into_iter().flatten().flatten();
    let numbers = entries.filter_map(|entry| {
        let name = entry.file_name().into_string().ok()?;
        u64::from_str_radix(name.strip_prefix("snap.")?, 16).ok()
    });
    numbers.max().unwrap_or(0)
}

/// Where in the log a segment begins: CRC-32 of the rest, turned over; the place, and how far the
/// log was on the disk, each with all bits but the highest turned over.
fn start_of(header: &[u8; SEGMENT_HEADER]) -> Option<u64> {
    let (crc, rest) = header.split_first_chunk::<4>()?;
    let start = u64::from_le_bytes(*rest.first_chunk()?) ^ (u64::MAX >> 1);
    let sound = crc32(&[], rest) == u32::from_le_bytes(*crc);
    Some(start).filter(|start| sound && start.is_multiple_of(SEGMENT as u64))
}

/// Makes all damaged messages of the log `db` void; how many there were.
///
/// # Errors
/// When the file cannot be read or written.
pub(crate) fn void_damaged(db: &Path) -> io::Result<usize> {
    let mut bytes = fs::read(db)?;
    let damaged = bytes.chunks_mut(SEGMENT).map(mend_segment).sum();
    if damaged > 0 {
        fs::write(db, bytes)?;
    }
    Ok(damaged)
}

fn mend_segment(segment: &mut [u8]) -> usize {
    // Messages of an earlier use of the place have another number.
    let first = (SEGMENT_HEADER..segment.len()).find_map(|at| Message::sound(segment, at, None));
    let Some(owner) = first.map(|message| message.owner) else { return 0 };
    let (mut at, mut damaged) = (SEGMENT_HEADER, 0);
    while at < segment.len() {
        if let Some(message) = Message::sound(segment, at, Some(owner)) {
            at += message.length;
            continue;
        }
        let next = (at + 1..segment.len())
            .find(|next| Message::sound(segment, *next, Some(owner)).is_some());
        let Some(next) = next else { break };
        if !void(&mut segment[at..next], owner) {
            break;
        }
        damaged += 1;
        at = next;
    }
    damaged
}

#[derive(Clone, Copy)]
struct Message {
    /// Header and body.
    length: usize,
    /// The number of its segment.
    owner: u64,
}

impl Message {
    /// The message at `at`, if its CRC is right, and its segment is `owner`.
    fn sound(segment: &[u8], at: usize, owner: Option<u64>) -> Option<Self> {
        let bytes = segment.get(at..)?;
        let (crc, rest) = bytes.split_first_chunk::<4>()?;
        let (kind, rest) = rest.split_first()?;
        if !(CANCELLED..=LAST_KIND).contains(kind) {
            return None;
        }
        let (body, rest) = number(rest)?;
        let (found, rest) = number(rest)?;
        if owner.is_some_and(|owner| owner != found) {
            return None;
        }
        let (_, rest) = number(rest)?;
        let body = rest.get(..usize::try_from(body).ok()?)?;
        let header = bytes.len() - rest.len();
        (crc32(&bytes[4..header], body) == u32::from_le_bytes(*crc))
            .then_some(Self { length: header + body.len(), owner: found })
    }
}

/// Fills `place` with one cancelled message; false when it is too short for one.
fn void(place: &mut [u8], owner: u64) -> bool {
    let owner = encoded(owner);
    for size in 1..=4 {
        let header = 4 + 1 + size + owner.len() + 1;
        let Some(body) = place.len().checked_sub(header) else { return false };
        let length = encoded(body as u64);
        if length.len() != size {
            continue;
        }
        let head = [&[0, 0, 0, 0, CANCELLED], length.as_slice(), &owner, &[0]].concat();
        place.fill(0);
        place[..head.len()].copy_from_slice(&head);
        let crc = crc32(&head[4..], &place[head.len()..]);
        place[..4].copy_from_slice(&crc.to_le_bytes());
        return true;
    }
    false
}

fn crc32(header: &[u8], body: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(body);
    hasher.update(header);
    !hasher.finalize()
}

/// Reads a number: one byte up to 240, two up to 2,287, three up to 67,823, else a byte that says
/// how many follow (less 247), little-endian.
fn number(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let (first, rest) = bytes.split_first()?;
    let wide = |at: usize| rest.get(at).copied().map(u64::from);
    let (value, more) = match first {
        0..=240 => (u64::from(*first), 0),
        241..=248 => (240 + 256 * (u64::from(*first) - 241) + wide(0)?, 1),
        249 => (2288 + 256 * wide(0)? + wide(1)?, 2),
        _ => {
            let count = usize::from(*first) - 247;
            let mut whole = [0; 8];
            whole[..count].copy_from_slice(rest.get(..count)?);
            (u64::from_le_bytes(whole), count)
        }
    };
    Some((value, &rest[more..]))
}

/// The inverse of [`number`], for numbers below 2^32.
fn encoded(value: u64) -> Vec<u8> {
    match value {
        0..=240 => vec![value as u8],
        241..=2287 => vec![((value - 240) / 256 + 241) as u8, ((value - 240) % 256) as u8],
        2288..=67823 => vec![249, ((value - 2288) / 256) as u8, ((value - 2288) % 256) as u8],
        67824..=0x00ff_ffff => [&[250], &value.to_le_bytes()[..3]].concat(),
        _ => [&[251], &value.to_le_bytes()[..4]].concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_survive() {
        for value in [0, 240, 241, 2287, 2288, 67823, 67824, 0xff_ffff, 0x100_0000, 0xffff_ffff] {
            let bytes = encoded(value);
            assert_eq!(number(&bytes), Some((value, &[][..])), "{value}");
            assert_eq!(number(&bytes[..bytes.len() - 1]), None, "{value}");
        }
    }

    #[test]
    fn a_damaged_message_becomes_void_and_the_rest_stays() {
        let mut segment = vec![0; 4000];
        let mut at = SEGMENT_HEADER;
        let mut places = Vec::new();
        for length in [20, 300, 2700, 40] {
            assert!(void(&mut segment[at..at + length], 7));
            places.push(at);
            at += length;
        }
        for (number, place) in places[..3].iter().enumerate() {
            for byte in [0, 4, 5, 6, 15] {
                let mut damaged = segment.clone();
                damaged[place + byte] ^= 0x81;
                assert_eq!(mend_segment(&mut damaged), 1, "message {number}, byte {byte}");
                let mut at = SEGMENT_HEADER;
                while at < SEGMENT_HEADER + 3060 {
                    at += Message::sound(&damaged, at, Some(7)).unwrap().length;
                }
                assert_eq!(mend_segment(&mut damaged), 0);
            }
        }
    }
}
