//! Matroska and WebM (RFC 9559): clusters of blocks, of which a few are read.

mod ebml;
mod ids;
mod track;

use ebml::{Elements, Head, child, number, whole};
use track::{Info, Track};

use super::choose;
use super::film::{Film, KeyFrame};
use super::tape::Tape;
use crate::ImageError;
use crate::metadata::{Packets, VideoSaid};

/// Most elements at the top: a cluster is some seconds long.
const MOST_ELEMENTS: usize = 50_000;
/// Most elements of a cluster that are gone through for a key frame.
const MOST_BLOCKS: usize = 2_000;
/// Most places that are compared.
const MOST_CUES: usize = 1 << 16;

/// What lies at the top of the segment.
#[derive(Default)]
struct Top {
    info: Vec<u8>,
    tracks: Vec<u8>,
    cues: Vec<u8>,
    tags: Vec<u8>,
    /// Where clusters begin: their heads.
    clusters: Vec<u64>,
    /// Where the content of the segment begins.
    start: u64,
}

/// Reads all but the frames.
///
/// # Errors
/// `Damaged`; `Unsupported` for a file without pictures.
pub(super) fn open(tape: &mut Tape) -> Result<Film, ImageError> {
    let first = tape.up_to(0, 4096)?;
    let head = Elements(&first).next().map_or(&[][..], |(_, body)| body);
    let is_web = child(head, ids::DOC_TYPE).is_some_and(|kind| kind.starts_with(b"webm"));
    let format = if is_web { "webm" } else { "mkv" };
    let top = walk(tape)?;
    let tracks = Elements(&top.tracks).filter(|(id, _)| *id == ids::TRACK).take(100);
    let track = tracks.filter_map(|(_, body)| Track::read(body)).next();
    let track = track.ok_or_else(|| match top.tracks.is_empty() {
        true => ImageError::damaged(format, "the list of its tracks is missing"),
        false => super::refused("videos without pictures"),
    })?;

    let mut said = VideoSaid::default();
    let info = Info::read(&top.info, &mut said);
    track::say_tags(&top.tags, &mut said);
    let mut marks = cues(&top, track.number);
    if marks.is_empty() {
        marks = every_cluster(tape, &top)?;
    }
    marks.sort_unstable();
    let seconds: Vec<f64> = marks.iter().map(|(time, _)| *time as f64 * info.unit).collect();
    let end = seconds.last().copied().unwrap_or(0.0);
    let duration = if info.duration > 0.0 { info.duration } else { end };
    let mut frames: Vec<KeyFrame> = Vec::new();
    for place in choose::spread(&seconds, duration) {
        let (time, cluster) = marks[place];
        let found = key_frame(tape, cluster, time, &track, info.unit)?;
        frames.extend(found.filter(|frame| frames.last() != Some(frame)));
    }
    Ok(Film {
        format,
        coding: track.coding,
        header: track.header,
        size: track.size,
        orientation: 1,
        codes: track.codes,
        duration,
        frames,
        said,
        packets: Packets::default(),
    })
}

/// The head of the element at a place.
fn head(tape: &mut Tape, at: u64) -> Result<Option<Head>, ImageError> {
    Ok(Head::read(&tape.up_to(at, Head::MOST)?))
}

/// Goes from element to element, into the segment and into what does not say how long it is.
fn walk(tape: &mut Tape) -> Result<Top, ImageError> {
    let (mut top, mut at) = (Top::default(), 0u64);
    for _ in 0..MOST_ELEMENTS {
        let Some(head) = head(tape, at)? else { break };
        let start = at + head.head;
        let left = tape.len().saturating_sub(start);
        let length = head.length.unwrap_or(left).min(left);
        let known = match head.id {
            ids::INFO => Some(&mut top.info),
            ids::TRACKS => Some(&mut top.tracks),
            ids::CUES => Some(&mut top.cues),
            ids::TAGS => Some(&mut top.tags),
            _ => None,
        };
        if let Some(known) = known.filter(|known| known.is_empty()) {
            *known = tape.up_to(start, length)?;
        }
        match head.id {
            ids::SEGMENT => top.start = start,
            ids::CLUSTER => top.clusters.push(at),
            _ => {}
        }
        let is_entered = head.id == ids::SEGMENT || head.length.is_none();
        at = if is_entered { start } else { start + length };
    }
    Ok(top)
}

/// The marked places: time in units, and where the cluster begins.
fn cues(top: &Top, track: u64) -> Vec<(u64, u64)> {
    let points = Elements(&top.cues).filter(|(id, _)| *id == ids::CUE);
    let step = points.clone().count().div_ceil(MOST_CUES).max(1);
    let marks = points.step_by(step).filter_map(|(_, point)| {
        let time = whole(child(point, ids::CUE_TIME)?);
        let mut places = Elements(point).filter(|(id, _)| *id == ids::CUE_PLACES);
        let place = places.find_map(|(_, place)| {
            let is_of = child(place, ids::CUE_TRACK).map(whole) == Some(track);
            child(place, ids::CUE_CLUSTER).filter(|_| is_of).map(whole)
        });
        Some((time, top.start.checked_add(place?)?))
    });
    marks.collect()
}

/// The same of a file without marks: every cluster, or every so manieth.
fn every_cluster(tape: &mut Tape, top: &Top) -> Result<Vec<(u64, u64)>, ImageError> {
    let step = top.clusters.len().div_ceil(1000).max(1);
    let mut marks = Vec::new();
    for at in top.clusters.iter().step_by(step) {
        let first = tape.up_to(*at, 64)?;
        let inner = Head::read(&first).and_then(|head| first.get(head.head as usize..));
        let time = inner.and_then(|inner| child(inner, ids::TIMESTAMP)).map_or(0, whole);
        marks.push((time, *at));
    }
    Ok(marks)
}

/// The first key frame of the cluster from `time` on; the first of all where there is none.
fn key_frame(
    tape: &mut Tape,
    cluster: u64,
    time: u64,
    track: &Track,
    unit: f64,
) -> Result<Option<KeyFrame>, ImageError> {
    let Some(outer) = head(tape, cluster)?.filter(|head| head.id == ids::CLUSTER) else {
        return Ok(None);
    };
    let mut at = cluster + outer.head;
    let end = outer.length.map_or(tape.len(), |length| at.saturating_add(length).min(tape.len()));
    let (mut begin, mut first) = (0, None);
    for _ in 0..MOST_BLOCKS {
        let Some(head) = head(tape, at)?.filter(|_| at < end) else { break };
        let start = at + head.head;
        let Some(length) = head.length else { break };
        let block = match head.id {
            ids::CLUSTER => break,
            ids::TIMESTAMP => {
                begin = whole(&tape.up_to(start, length.min(8))?);
                None
            }
            ids::SIMPLE_BLOCK => {
                Block::read(tape, start, length, track.number)?.filter(|b| b.is_key)
            }
            ids::GROUP => of_group(tape, start, length, track.number)?,
            _ => None,
        };
        if let Some(block) = block {
            let shown = begin.saturating_add_signed(block.time.into());
            let second = shown as f64 * unit;
            let frame = KeyFrame::new(second, block.at, block.length);
            if shown >= time {
                return Ok(Some(frame));
            }
            first = first.or(Some(frame));
        }
        at = start.saturating_add(length);
    }
    Ok(first)
}

/// A block of a track, which is one frame.
struct Block {
    /// Units later than its cluster.
    time: i16,
    is_key: bool,
    at: u64,
    length: u64,
}

impl Block {
    /// `None` for blocks of other tracks and for those of several frames.
    fn read(tape: &mut Tape, at: u64, length: u64, track: u64) -> Result<Option<Self>, ImageError> {
        let bytes = tape.up_to(at, length.min(12))?;
        let Some((found, width)) = number(&bytes, false) else { return Ok(None) };
        let Some([high, low, flags]) = bytes.get(width..width + 3) else { return Ok(None) };
        let head = width as u64 + 3;
        let is_one = found == track && flags & 6 == 0;
        let time = i16::from_be_bytes([*high, *low]);
        let length = length.min(tape.len().saturating_sub(at)).saturating_sub(head);
        let block = Self { time, is_key: flags & 0x80 != 0, at: at + head, length };
        Ok(Some(block).filter(|_| is_one))
    }
}

/// The block of a group that refers to no other one.
fn of_group(
    tape: &mut Tape,
    at: u64,
    length: u64,
    track: u64,
) -> Result<Option<Block>, ImageError> {
    let (mut inner, end) = (at, at.saturating_add(length));
    let (mut block, mut refers) = (None, false);
    for _ in 0..20 {
        let Some(head) = head(tape, inner)?.filter(|_| inner < end) else { break };
        let (start, Some(length)) = (inner + head.head, head.length) else { break };
        match head.id {
            ids::BLOCK => block = Block::read(tape, start, length, track)?,
            ids::REFERENCE => refers = true,
            _ => {}
        }
        inner = start.saturating_add(length);
    }
    Ok(block.filter(|_| !refers))
}
