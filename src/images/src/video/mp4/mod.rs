//! MP4, QuickTime and their relatives (ISO 14496-12): boxes, of which those with the frames are never
//! read as a whole.

mod entry;
mod fragments;
mod said;
mod tables;

use entry::Entry;
use tables::Tables;

use super::choose;
use super::film::{Coding, Film, KeyFrame};
use super::tape::Tape;
use crate::ImageError;
use crate::heif::boxes::{Boxes, Fields};
use crate::metadata::LARGEST_XMP;
use crate::orient;

/// Most boxes at the top: recordings in fragments have two for each.
const MOST_BOXES: usize = 50_000;

/// Most boxes at the top that are known by a number.
const MOST_BY_ID: usize = 8;

/// Most pixels that are decoded on the way to one frame: two seconds of 1080p, fifteen of what messengers
/// send.
const MOST_PIXELS_ON_THE_WAY: u64 = 120_000_000;

/// A box at the top of the file.
#[derive(Clone, Copy, Debug)]
struct Place {
    /// Where its head begins.
    at: u64,
    /// Where its content begins.
    start: u64,
    /// Bytes of its content.
    length: u64,
}

/// The boxes that count.
#[derive(Default)]
struct Top {
    brand: [u8; 4],
    head: Option<Place>,
    fragments: Vec<Place>,
    /// Boxes that are known by a number: XMP is one.
    by_id: Vec<Place>,
}

impl Top {
    /// The contents of those that could be XMP.
    fn by_id(&self, tape: &mut Tape) -> Vec<Vec<u8>> {
        let may_be_xmp = |place: &&Place| place.length <= LARGEST_XMP as u64 + 16;
        let places = self.by_id.iter().filter(may_be_xmp);
        places.filter_map(|place| tape.up_to(place.start, place.length).ok()).collect()
    }
}

/// Reads all but the frames.
///
/// # Errors
/// `Damaged`; `Unsupported` for a file without pictures.
pub(super) fn open(tape: &mut Tape) -> Result<Film, ImageError> {
    let top = walk(tape)?;
    let format = if top.brand == *b"qt  " || top.brand == [0; 4] { "mov" } else { "mp4" };
    let broken = |detail| ImageError::damaged(format, detail);
    let head = top.head.ok_or_else(|| broken("the list of its frames is missing"))?;
    let moov = tape.bytes(head.start, head.length)?;
    let movie = Movie::read(&moov);
    let tracks = Boxes(&moov).filter(|(kind, _)| *kind == b"trak");
    let tracks: Vec<Track> = tracks.take(100).filter_map(|(_, body)| Track::read(body)).collect();
    let is_read = |track: &&Track| !matches!(track.entry.coding, Coding::Other(_));
    let track = tracks.iter().find(is_read).or_else(|| tracks.first());
    let track = track.ok_or_else(|| super::refused("videos without pictures"))?;

    let delay = track.delay(movie.scale);
    let (mut frames, mut end) = track.tables.keys(track.scale, delay);
    if frames.is_empty() {
        let defaults = fragments::Defaults::of(&moov, track.id);
        (frames, end) = fragments::keys(tape, &top.fragments, &defaults, track.scale, delay)?;
    }
    let duration = [movie.duration, track.duration, end].into_iter().find(|end| *end > 0.0);
    let duration = duration.unwrap_or(0.0);
    frames.sort_by(|a, b| a.second.total_cmp(&b.second));
    let seconds: Vec<f64> = frames.iter().map(|frame| frame.second).collect();
    let chosen = choose::spread(&seconds, duration).into_iter().map(|place| frames[place].clone());
    let mut frames: Vec<KeyFrame> = chosen.collect();
    track.fill(&mut frames, duration, delay);
    let (said, packets) = said::read(&moov, movie.created, top.by_id(tape));
    Ok(Film {
        format,
        coding: track.entry.coding,
        header: track.entry.header.to_vec(),
        size: track.entry.size,
        orientation: track.orientation,
        codes: track.entry.codes,
        duration,
        frames,
        said,
        packets,
    })
}

/// Goes from box to box.
fn walk(tape: &mut Tape) -> Result<Top, ImageError> {
    let (mut top, mut at) = (Top::default(), 0);
    for _ in 0..MOST_BOXES {
        let head = tape.up_to(at, 16)?;
        let mut fields = Fields(&head);
        let (Some(length), Some(kind)) = (fields.number(4), fields.bytes(4)) else { break };
        let left = tape.len() - at;
        let (head_length, length) = match length {
            0 => (8, left),
            1 => (16, fields.number(8).unwrap_or(0)),
            length => (8, length),
        };
        // The last one may be cut off.
        let Some(content) = length.min(left).checked_sub(head_length) else { break };
        let place = Place { at, start: at + head_length, length: content };
        match kind {
            b"ftyp" => top.brand = tape.up_to(place.start, 4)?.try_into().unwrap_or_default(),
            b"moov" if top.head.is_none() => top.head = Some(place),
            b"moof" => top.fragments.push(place),
            b"uuid" if top.by_id.len() < MOST_BY_ID => top.by_id.push(place),
            _ => {}
        }
        at += length.min(left);
    }
    Ok(top)
}

/// What the head says of the whole.
struct Movie {
    /// Units in a second.
    scale: f64,
    /// Seconds.
    duration: f64,
    /// Seconds since 1904; 0: not noted.
    created: u64,
}

impl Movie {
    fn read(moov: &[u8]) -> Self {
        let body = child(moov, b"mvhd").unwrap_or(&[]);
        let (created, scale, duration) = times(body).unwrap_or_default();
        Self { scale: f64::from(scale.max(1)), duration: in_seconds(duration, scale), created }
    }
}

/// When something was made, its units in a second, and its length in these: the beginning of `mvhd` and
/// of `mdhd`.
fn times(body: &[u8]) -> Option<(u64, u32, u64)> {
    let mut fields = Fields(body);
    let width = if fields.version()?.0 == 1 { 8 } else { 4 };
    let created = fields.number(width)?;
    fields.number(width)?;
    let scale = fields.number(4)? as u32;
    let duration = fields.number(width)?;
    // All bits: not known.
    let is_known = duration != u64::MAX >> (64 - 8 * width);
    Some((created, scale, if is_known { duration } else { 0 }))
}

fn in_seconds(units: u64, scale: u32) -> f64 {
    if scale == 0 { 0.0 } else { units as f64 / f64::from(scale) }
}

/// The content of the first box of a kind.
fn child<'a>(body: &'a [u8], kind: &[u8; 4]) -> Option<&'a [u8]> {
    Boxes(body).find(|(found, _)| *found == kind).map(|(_, body)| body)
}

/// The same, through boxes within boxes.
fn inside<'a>(body: &'a [u8], kinds: &[&[u8; 4]]) -> Option<&'a [u8]> {
    kinds.iter().try_fold(body, |body, kind| child(body, kind))
}

/// A track of pictures.
struct Track<'a> {
    id: u32,
    /// Units in a second.
    scale: u32,
    /// Seconds.
    duration: f64,
    orientation: u16,
    entry: Entry<'a>,
    tables: Tables<'a>,
    edits: &'a [u8],
}

impl<'a> Track<'a> {
    /// `None` for other tracks.
    fn read(body: &'a [u8]) -> Option<Self> {
        let media = child(body, b"mdia")?;
        if child(media, b"hdlr")?.get(8..12)? != b"vide" {
            return None;
        }
        let table = inside(media, &[b"minf", b"stbl"])?;
        let (_, scale, duration) = times(child(media, b"mdhd")?)?;
        let (id, orientation) = placement(child(body, b"tkhd")?)?;
        Some(Self {
            id,
            scale: scale.max(1),
            duration: in_seconds(duration, scale),
            orientation,
            entry: Entry::read(child(table, b"stsd")?)?,
            tables: Tables::read(table),
            edits: inside(body, &[b"edts", b"elst"]).unwrap_or(&[]),
        })
    }

    /// Where there are fewer key frames than are wanted, adds frames between them that can be had with
    /// little work.
    fn fill(&self, frames: &mut Vec<KeyFrame>, duration: f64, delay: f64) {
        let (width, height) = self.entry.size;
        let area = u64::from(width) * u64::from(height);
        if self.entry.coding != Coding::H264 || area == 0 || frames.is_empty() {
            return;
        }
        let most = MOST_PIXELS_ON_THE_WAY / area;
        let near = (duration / choose::count(duration) as f64).max(2.0);
        for target in choose::targets(duration) {
            let is_near = |frame: &KeyFrame| (frame.second - target).abs() <= near;
            if frames.len() >= choose::MOST || frames.iter().any(is_near) {
                continue;
            }
            frames.extend(self.tables.between(target, most, self.scale, delay));
        }
        frames.sort_by(|a, b| a.second.total_cmp(&b.second));
    }

    /// Seconds by which frames are shown later than the track's own clock says: an edit may begin with
    /// nothing, and may leave out what comes first. `scale`: units of a second of the whole.
    fn delay(&self, scale: f64) -> f64 {
        let mut fields = Fields(self.edits);
        let Some((version, _)) = fields.version() else { return 0.0 };
        let width = if version == 1 { 8 } else { 4 };
        let count = fields.number(4).unwrap_or(0).min(1000);
        let mut empty = 0.0;
        for _ in 0..count {
            let (Some(length), Some(from)) = (fields.number(width), fields.number(width)) else {
                break;
            };
            let nothing = u64::MAX >> (64 - 8 * width);
            if from != nothing {
                return empty - from as f64 / f64::from(self.scale);
            }
            empty += length as f64 / scale;
            let _rate = fields.number(4);
        }
        0.0
    }
}

/// The number of a track, and how its pictures are turned.
fn placement(body: &[u8]) -> Option<(u32, u16)> {
    let mut fields = Fields(body);
    let width = if fields.version()?.0 == 1 { 8 } else { 4 };
    fields.bytes(2 * width)?;
    let id = fields.number(4)? as u32;
    // What is reserved, the length, and how it is mixed with others.
    fields.bytes(4 + width + 16)?;
    // a b u, c d v: steps to the right lead to (a, b), steps down to (c, d).
    let mut row =
        || Some([fields.number(4)? as i32, fields.number(4)? as i32, fields.number(4)? as i32]);
    let ([a, b, _], [c, d, _]) = (row()?, row()?);
    Some((id, orient::of_steps([a, c, b, d])))
}
