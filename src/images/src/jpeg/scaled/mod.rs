//! A JPEG decoded at a half, a quarter or an eighth of its size, in the cosine domain.
//!
//! What a reduced picture needs of a block are its lowest frequencies; the rest is read over.
//! Only the common kind is decoded here - 8-bit baseline, grey or three components, one scan -
//! and only when nothing is wrong with it: everything else is left to the general decoder.
//!
//! Absent on purpose: progressive files, CMYK, mending of damage, threads.

mod bits;
mod colour;
mod frame;
mod huffman;
mod planes;
mod transform;

use crate::raster::{Area, Channels, Raster, Storage};

/// A baseline JPEG, ready to be decoded.
pub(super) struct Scan<'a> {
    frame: frame::Frame,
    bytes: &'a [u8],
}

impl<'a> Scan<'a> {
    /// Reads what stands before the pixels of a picture of `size` (width and height); `None`
    /// when the file is not of the common kind.
    pub(super) fn open(bytes: &'a [u8], (width, height): (u32, u32)) -> Option<Self> {
        let is_same =
            |frame: &frame::Frame| (frame.width, frame.height) == (width as usize, height as usize);
        frame::read(bytes).filter(is_same).map(|frame| Self { frame, bytes })
    }

    /// Bytes of memory that [`Scan::decode`] takes.
    pub(super) fn memory(&self, points: u32) -> u64 {
        let planes = planes::memory(&self.frame, points as usize);
        planes * 2 + self.bytes.len() as u64
    }

    /// Decodes to `points` (1, 2 or 4) eighths of the size, rounded up to whole pixels. `None`
    /// when the file is damaged.
    ///
    /// `stored_rgb`: three components are red, green and blue instead of YCbCr.
    pub(super) fn decode(&self, points: u32, stored_rgb: bool) -> Option<Raster> {
        let frame = &self.frame;
        let planes = planes::decode(frame, self.bytes, points as usize)?;
        let scaled = |length: usize| (length * points as usize).div_ceil(8);
        let (width, height) = (scaled(frame.width), scaled(frame.height));
        let channels = if planes.len() == 1 { Channels::Grey } else { Channels::Rgb };
        let data = colour::interleave(&planes, width, height, stored_rgb);
        let share = f64::from(points) / 8.0;
        let area = Area {
            left: 0.0,
            top: 0.0,
            width: frame.width as f64 * share,
            height: frame.height as f64 * share,
        };
        let full = (frame.width as u32, frame.height as u32);
        let raster = Raster::new(width as u32, height as u32, channels, Storage::Direct, data);
        Some(Raster { full, area, ..raster })
    }
}
