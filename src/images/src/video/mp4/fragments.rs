//! Recordings in fragments, each with tables of its own (`moof`): the first frame of each is a key frame,
//! or else none of it is looked for.

use super::super::film::KeyFrame;
use super::super::tape::Tape;
use super::{Place, child, inside};
use crate::ImageError;
use crate::heif::boxes::{Boxes, Fields};

/// In the flags of a frame: it needs others.
const NEEDS_OTHERS: u64 = 1 << 16;

/// What holds for the frames of a track unless a fragment says something else.
#[derive(Clone, Copy, Default)]
pub(super) struct Defaults {
    track: u32,
    length: u64,
    size: u64,
    flags: u64,
}

impl Defaults {
    pub(super) fn of(moov: &[u8], track: u32) -> Self {
        let extends = child(moov, b"mvex").unwrap_or(&[]);
        let found = Boxes(extends).filter(|(kind, _)| *kind == b"trex").find_map(|(_, body)| {
            let mut fields = Fields(body);
            fields.version()?;
            let is_this = fields.number(4)? as u32 == track;
            fields.number(4)?;
            let (length, size) = (fields.number(4)?, fields.number(4)?);
            is_this.then_some(Self { track, length, size, flags: fields.number(4)? })
        });
        found.unwrap_or(Self { track, ..Self::default() })
    }
}

/// A run of frames: its first one, and how long all of it lasts.
struct Run {
    is_key: bool,
    /// When the first one is decoded, and by how much later it is shown.
    time: u64,
    shift: i64,
    at: u64,
    size: u64,
    length: u64,
}

/// The key frames at the beginning of fragments, and when the last one ends, in seconds.
///
/// # Errors
/// Those of reading.
pub(super) fn keys(
    tape: &mut Tape,
    fragments: &[Place],
    defaults: &Defaults,
    scale: u32,
    delay: f64,
) -> Result<(Vec<KeyFrame>, f64), ImageError> {
    let seconds = |units: f64| (units / f64::from(scale) + delay).max(0.0);
    let (mut keys, mut end) = (Vec::new(), 0u64);
    for place in fragments {
        let body = tape.up_to(place.start, place.length)?;
        let parts = Boxes(&body).filter(|(kind, _)| *kind == b"traf");
        let run = parts.filter_map(|(_, part)| Run::read(part, place.at, end, defaults)).next();
        let Some(run) = run else { continue };
        end = run.time.saturating_add(run.length);
        if run.is_key {
            let second = seconds(run.time as f64 + run.shift as f64);
            keys.push(KeyFrame::new(second, run.at, run.size));
        }
    }
    let end = if fragments.is_empty() { 0.0 } else { seconds(end as f64) };
    Ok((keys, end))
}

impl Run {
    /// The first run of the track in a fragment that begins at `begin`. `time`: where the last one ended.
    fn read(part: &[u8], begin: u64, time: u64, defaults: &Defaults) -> Option<Self> {
        let mut fields = Fields(child(part, b"tfhd")?);
        let (_, said) = fields.version()?;
        if fields.number(4)? as u32 != defaults.track {
            return None;
        }
        let mut optional = |flag: u32, bytes| match said & flag {
            0 => Some(None),
            _ => fields.number(bytes).map(Some),
        };
        let base = optional(1, 8)?.unwrap_or(begin);
        optional(2, 4)?;
        let length = optional(8, 4)?.unwrap_or(defaults.length);
        let size = optional(0x10, 4)?.unwrap_or(defaults.size);
        let flags = optional(0x20, 4)?.unwrap_or(defaults.flags);
        let time = inside(part, &[b"tfdt"]).and_then(decode_time).unwrap_or(time);

        let mut fields = Fields(child(part, b"trun")?);
        let (_, said) = fields.version()?;
        let count = fields.number(4)?;
        let offset = if said & 1 == 0 { 0 } else { fields.number(4)? as u32 as i32 };
        let first_flags = if said & 4 == 0 { None } else { Some(fields.number(4)?) };
        let width = (said & 0xf00).count_ones() as usize * 4;
        let table = fields;
        let mut first = [None; 4];
        for (field, flag) in first.iter_mut().zip([0x100, 0x200, 0x400, 0x800]) {
            *field = if said & flag == 0 { None } else { Some(fields.number(4)?) };
        }
        let [_, own_size, own_flags, shift] = first;
        let lengths = match said & 0x100 {
            0 => count.saturating_mul(length),
            _ => table.0.chunks_exact(width).take(count as usize).map(first_word).sum(),
        };
        let flags = first_flags.or(own_flags).unwrap_or(flags);
        Some(Self {
            is_key: flags & NEEDS_OTHERS == 0,
            time,
            shift: shift.map_or(0, |shift| i64::from(shift as u32 as i32)),
            at: base.checked_add_signed(offset.into())?,
            size: own_size.unwrap_or(size),
            length: lengths,
        })
    }
}

fn decode_time(body: &[u8]) -> Option<u64> {
    let mut fields = Fields(body);
    let width = if fields.version()?.0 == 1 { 8 } else { 4 };
    fields.number(width)
}

fn first_word(entry: &[u8]) -> u64 {
    Fields(entry).number(4).unwrap_or(0)
}
