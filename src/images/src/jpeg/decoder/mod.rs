//! JPEG to the bit as the widespread decoder (libjpeg-turbo, and with it Pillow) has it, and at
//! a half, a quarter or an eighth of its size.
//!
//! What is decoded here is what cameras and the web have: 8 bits, Huffman codes, sequential or
//! progressive, one, three or four components - and only when nothing is wrong with it:
//! everything else is left to the general decoder. A reduced picture needs the lowest frequencies
//! of its blocks alone; in sequential files the rest is read over.
//!
//! Absent on purpose: arithmetic coding, 12 bits, mending of damage, threads.

mod band;
mod bits;
mod blocks;
mod canvas;
mod coefficients;
mod colour;
mod frame;
mod headers;
mod huffman;
mod idct;
mod intervals;
mod progressive;
mod reduced;
mod sequential;
mod standard;
mod upsampling;
mod zigzag;

pub(super) use progressive::{MAX_SCANS, most_visits};

use band::Band;
use coefficients::Coefficients;
use frame::{BLOCK, Colours, Frame};
use headers::{Headers, Next, Scan};

use super::ink;
use crate::Stop;
use crate::raster::{Area, Channels, Raster, Storage};
use crate::source::Claim;

/// A file whose headers were read up to the first scan.
pub(super) struct Picture<'a> {
    bytes: &'a [u8],
    headers: Headers<'a>,
    scan: Scan,
}

impl<'a> Picture<'a> {
    /// `None` when the file is of another kind, or not `width` x `height`.
    pub(super) fn open(bytes: &'a [u8], (width, height): (u32, u32)) -> Option<Self> {
        let mut headers = Headers::new(bytes);
        let Next::Scan(scan) = headers.next()? else { return None };
        let frame = headers.frame()?;
        let is_same = (frame.width, frame.height) == (width as usize, height as usize);
        is_same.then_some(Self { bytes, headers, scan })
    }

    /// Whether the pixels are inks, which are never decoded at a reduced size.
    pub(super) fn has_inks(&self) -> bool {
        self.headers.frame().is_some_and(|frame| frame.colours.channels() == Channels::Cmyk)
    }

    /// What [`Picture::decode`] takes.
    pub(super) fn claim(&self, points: u32) -> Claim {
        let Some(frame) = self.headers.frame() else { return Claim::new((0, 0), 0, 0, 0) };
        let (width, height) = frame.scaled(points as usize);
        let pixels = (width * height * frame.colours.channels().count()) as u64;
        let coefficients =
            if is_whole(frame, &self.scan) { 0 } else { Coefficients::memory(frame) };
        let bands = Band::memory(frame, points as usize);
        // The data of a restart interval is copied, which can be nearly all of the file.
        let peak = pixels + coefficients + bands + self.bytes.len() as u64;
        Claim { width: frame.width as u32, height: frame.height as u32, pixels, peak }
    }

    /// Decodes to `points` (1, 2, 4 or 8) eighths of the size, rounded up to whole pixels. `None`
    /// when the file is damaged, has too many scans, or it was stopped.
    pub(super) fn decode(self, points: u32, stop: &Stop) -> Option<Raster> {
        let Self { bytes, headers, scan } = self;
        let frame = headers.frame()?;
        let (width, height) = frame.scaled(points as usize);
        let area = Area {
            left: 0.0,
            top: 0.0,
            width: (frame.width * points as usize) as f64 / BLOCK as f64,
            height: (frame.height * points as usize) as f64 / BLOCK as f64,
        };
        let full = (frame.width as u32, frame.height as u32);
        let colours = frame.colours;
        let canvas = if is_whole(frame, &scan) {
            sequential::decode(bytes, frame, &headers.tables, &scan, points as usize, stop)
        } else {
            progressive::decode(bytes, headers, scan, points as usize, stop)
        };
        let mut data = canvas?.into_pixels();
        match colours {
            Colours::Cmyk => ink::from_inverted(&mut data),
            Colours::Ycck => ink::from_ycck(&mut data),
            _ => {}
        }
        let channels = colours.channels();
        let raster = Raster::new(width as u32, height as u32, channels, Storage::Direct, data);
        Some(Raster { full, area, ..raster })
    }
}

/// Whether the first scan has everything.
fn is_whole(frame: &Frame, scan: &Scan) -> bool {
    !frame.is_progressive && scan.parts.len() == frame.components.len()
}
